package dev.tidemark.cli.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.text.Units;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.LayoutEntry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run's trash, or the part of it that is of one repository.
 *
 * @param repository empty for blobs, which are of none; null for all of the run's trash
 * @param keptUntil when the first of its files may be purged; empty if there is none
 */
record RunTrash(
        String run,
        @JsonInclude(JsonInclude.Include.NON_NULL) String repository,
        long files,
        long bytes,
        String keptUntil) {

    private static final String EMPTY = "The trash is empty.";

    static final PrintedList<RunTrash> LIST = new PrintedList<>(
            EMPTY,
            1,
            List.of("RUN", "FILES", "BYTES", "KEPT UNTIL"),
            run -> List.of(run.run, Units.number(run.files), Units.bytes(run.bytes), run.keptUntil));

    static final PrintedList<RunTrash> BY_REPOSITORY = new PrintedList<>(
            EMPTY,
            2,
            List.of("RUN", "REPOSITORY", "FILES", "BYTES", "KEPT UNTIL"),
            part -> List.of(
                    part.run,
                    part.repository.isEmpty() ? "(blobs)" : part.repository,
                    Units.number(part.files),
                    Units.bytes(part.bytes),
                    part.keptUntil));

    /** The trash of all runs, the latest first; by repository in the order of their names, the blobs before them. */
    static List<RunTrash> of(Trash trash, boolean byRepository) {
        List<RunTrash> all = new ArrayList<>();
        for (RunId run : trash.runs()) {
            Map<String, Part> parts = new TreeMap<>();
            if (!byRepository) {
                parts.put("", new Part());
            }
            trash.files(
                    run,
                    file -> parts.computeIfAbsent(
                                    byRepository
                                            ? LayoutEntry.repositoryOf(file.path())
                                                    .orElse("")
                                            : "",
                                    name -> new Part())
                            .add(file));
            parts.forEach((name, part) -> all.add(new RunTrash(
                    run.toString(),
                    byRepository ? name : null,
                    part.sum.count(),
                    part.sum.bytes(),
                    part.sum.count() == 0
                            ? ""
                            : Instant.ofEpochMilli(part.first)
                                    .plus(trash.terms(run).keep())
                                    .truncatedTo(ChronoUnit.SECONDS)
                                    .toString())));
        }
        return all;
    }

    private static final class Part {

        private Tally sum = Tally.NONE;
        private long first = Long.MAX_VALUE;

        void add(Trashed file) {
            sum = sum.plus(file.size());
            first = Math.min(first, file.since());
        }
    }
}
