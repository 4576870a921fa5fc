package dev.tidemark.sweeper;

import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.LayoutEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a run's sweep back: restores all that the trash has of it. What names something comes after what it names. The
 * revisions count as written now, so that the next run's minimum age keeps them, and all that they lead to.
 */
public final class Undo {

    private static final Logger LOG = LoggerFactory.getLogger(Undo.class);

    private final Trash trash;
    private final RunId run;

    /** The order in which files come back. */
    private enum Step {
        BLOBS,
        LAYER_LINKS,
        REVISIONS,
        /** Histories of tags, and signatures. */
        ENTRIES;

        static Step of(String path) {
            Optional<Kind> kind = LayoutEntry.of(path).map(LayoutEntry::kind);
            return kind.map(known -> switch (known) {
                        case BLOB -> BLOBS;
                        case LAYER -> LAYER_LINKS;
                        case MANIFEST -> REVISIONS;
                    })
                    .orElse(ENTRIES);
        }
    }

    /**
     * The outcome.
     *
     * @param restored files that are back
     * @param inPlace files that the registry has again by now: they stay as they are there
     * @param failed why not, for each other file
     */
    public record Outcome(Tally restored, long inPlace, List<String> failed) {}

    public Undo(Trash trash, RunId run) {
        this.trash = trash;
        this.run = run;
    }

    /** The files that would come back. */
    public Tally preview() {
        Tally[] sum = {Tally.NONE};
        trash.files(run, file -> sum[0] = sum[0].plus(file.size()));
        return sum[0];
    }

    /**
     * Restores.
     *
     * @throws StorageException if the trash can't be listed
     */
    public Outcome restore() {
        List<Trashed> files = new ArrayList<>();
        trash.files(run, files::add);
        files.sort(Comparator.comparing(file -> Step.of(file.path())));
        Tally restored = Tally.NONE;
        long inPlace = 0;
        List<String> failed = new ArrayList<>();
        for (Trashed file : files) {
            try {
                boolean asNew = Step.of(file.path()) == Step.REVISIONS;
                Restored how = asNew ? trash.restoreAsNew(run, file.path()) : trash.restore(run, file.path());
                switch (how) {
                    case BACK -> {
                        restored = restored.plus(file.size());
                        LOG.info("{} undone: {}", run, file.path());
                    }
                    case IN_PLACE -> inPlace++;
                    case NOT_THERE -> failed.add(file.path() + " is no longer in the trash");
                }
            } catch (StorageException e) {
                failed.add(e.getMessage());
            }
        }
        return new Outcome(restored, inPlace, failed);
    }
}
