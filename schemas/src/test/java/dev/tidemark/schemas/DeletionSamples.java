package dev.tidemark.schemas;

import static dev.tidemark.schemas.Samples.RUN;
import static dev.tidemark.schemas.Samples.SHA256;
import static dev.tidemark.schemas.Samples.SHA512;
import static dev.tidemark.schemas.Samples.full;
import static dev.tidemark.schemas.Samples.minimal;

import dev.tidemark.schemas.Samples.Sample;
import java.util.function.Function;
import java.util.stream.Stream;

/** Samples of what is deleted, and of what becomes of it in the trash. */
final class DeletionSamples {

    private static final TrashRecord.Due DUE = new TrashRecord.Due(1, 0, 2);

    private DeletionSamples() {}

    static Stream<Sample> all() {
        return Stream.of(deletions(), trash()).flatMap(Function.identity());
    }

    private static Stream<Sample> deletions() {
        return Stream.concat(
                full(
                        "deletions",
                        DeletionRecord.class,
                        new DeletionRecord(
                                RUN,
                                Kind.MANIFEST,
                                SHA256,
                                "team/app",
                                DeletionRecord.Outcome.SPARED,
                                0,
                                "young now",
                                1),
                        new DeletionRecord(
                                RUN,
                                Kind.LAYER,
                                SHA256,
                                "team/app",
                                null,
                                null,
                                DeletionRecord.Outcome.DELETED,
                                0,
                                null,
                                86_400_000L,
                                1),
                        new DeletionRecord(
                                RUN,
                                Kind.TAG,
                                SHA256,
                                "team/app",
                                "pr-1",
                                null,
                                DeletionRecord.Outcome.SPARED,
                                0,
                                "it names another manifest",
                                null,
                                1),
                        new DeletionRecord(
                                RUN,
                                Kind.UPLOAD,
                                SHA256,
                                "team/app",
                                null,
                                "_uploads/1",
                                DeletionRecord.Outcome.DELETED,
                                7,
                                null,
                                86_400_000L,
                                1)),
                minimal(
                        "deletions",
                        DeletionRecord.class,
                        new DeletionRecord(
                                RUN,
                                Kind.LAYER,
                                SHA256,
                                "a",
                                DeletionRecord.Outcome.FAILED,
                                0,
                                "the storage failed",
                                1),
                        new DeletionRecord(RUN, Kind.BLOB, SHA256, null, DeletionRecord.Outcome.DELETED, 5, null, 1),
                        new DeletionRecord(
                                RUN, Kind.BLOB, SHA256, null, DeletionRecord.Outcome.ALREADY_GONE, 0, null, 1)));
    }

    private static Stream<Sample> trash() {
        return Stream.concat(
                full(
                        "trash",
                        TrashRecord.class,
                        new TrashRecord(
                                RUN,
                                Kind.LAYER,
                                SHA256,
                                "team/app",
                                null,
                                TrashRecord.Outcome.RESTORED,
                                71,
                                "a link written since leads to it",
                                "operator (tidemark undo)",
                                null,
                                1),
                        new TrashRecord(
                                RUN,
                                Kind.LAYER,
                                SHA256,
                                "team/app",
                                null,
                                TrashRecord.Outcome.PURGED,
                                71,
                                null,
                                "operator (tidemark trash empty)",
                                DUE,
                                1),
                        new TrashRecord(
                                RUN,
                                Kind.TAG,
                                null,
                                "team/app",
                                "v1",
                                TrashRecord.Outcome.PURGED,
                                71,
                                null,
                                "operator (tidemark trash empty)",
                                DUE,
                                1),
                        new TrashRecord(
                                RUN,
                                Kind.UPLOAD,
                                SHA256,
                                "team/app",
                                null,
                                "_uploads/3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90",
                                TrashRecord.Outcome.RESTORED,
                                20,
                                "its run is undone",
                                "operator (tidemark undo)",
                                null,
                                1)),
                minimal(
                        "trash",
                        TrashRecord.class,
                        new TrashRecord(
                                RUN, Kind.BLOB, SHA512, null, null, TrashRecord.Outcome.PURGING, 0, null, null, DUE, 1),
                        new TrashRecord(
                                RUN,
                                Kind.BLOB,
                                SHA512,
                                null,
                                null,
                                TrashRecord.Outcome.PURGED,
                                0,
                                null,
                                null,
                                DUE,
                                1)));
    }
}
