package dev.tidemark.enumerator.read;

import static dev.tidemark.schemas.Problem.Kind.UNLISTED_TRASH;

import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;

/** Counts the files that sweeps have taken out of the registry. */
public final class TrashReader {

    private final Storage storage;
    private final Problems problems;

    public TrashReader(Storage storage, Problems problems) {
        this.storage = storage;
        this.problems = problems;
    }

    /** Null if they can't be listed: nothing depends on them. */
    public Tally files() {
        var files = new Sum();
        try {
            storage.trash().ifPresent(files::add);
        } catch (StorageException e) {
            problems.add(UNLISTED_TRASH, storage.description(), e.getMessage() + ": it is not counted");
            return null;
        }
        return files.sum;
    }

    private static final class Sum {

        private Tally sum = Tally.NONE;

        void add(Trash trash) {
            for (RunId run : trash.runs()) {
                trash.files(run, file -> sum = sum.plus(file.size()));
            }
        }
    }
}
