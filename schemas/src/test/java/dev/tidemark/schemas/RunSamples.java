package dev.tidemark.schemas;

import static dev.tidemark.schemas.Samples.CHECKSUM;
import static dev.tidemark.schemas.Samples.FINGERPRINT;
import static dev.tidemark.schemas.Samples.HOLD;
import static dev.tidemark.schemas.Samples.OPTIONS;
import static dev.tidemark.schemas.Samples.RUN;
import static dev.tidemark.schemas.Samples.SHA256;
import static dev.tidemark.schemas.Samples.SHA512;
import static dev.tidemark.schemas.Samples.WITNESS;
import static dev.tidemark.schemas.Samples.full;
import static dev.tidemark.schemas.Samples.minimal;
import static dev.tidemark.schemas.Samples.problems;

import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.Samples.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Samples of a run, and of the work that its enumeration is. */
final class RunSamples {

    private static final OtherFiles OTHER_FILES = new OtherFiles(
            new Tally(7, 497),
            new Tally(2, 142),
            new Tally(1, 3),
            new Tally(5, 6),
            new OtherFiles.Disk(1_000_000, 2_000_000));

    private static final OtherFiles NOT_ALL_READ = new OtherFiles(Tally.NONE, null, Tally.NONE, null, null);

    private RunSamples() {}

    static Stream<Sample> all() {
        return Stream.of(runs(), work(), workDone()).flatMap(Function.identity());
    }

    private static Stream<Sample> runs() {
        var totals = new Totals(
                new Tally(1, 2),
                new Tally(3, 4),
                Map.of("young blob", new Tally(1, 2)),
                5,
                6,
                0,
                7,
                8,
                Map.of("team/app", 9L, "", 1L),
                10,
                List.of(new Totals.Missing("team/app", SHA256, SHA512)),
                new Totals.Unlinked(11, List.of(new Totals.Missing("team/app", SHA512, SHA256))),
                new Totals.WrongSizes(12, List.of(new Totals.WrongSize("team/app", SHA256, SHA512, 11, 0))),
                new Totals.Leftovers(
                        Map.of(Kind.UPLOAD, new Tally(13, 14)), Map.of(Kind.REPOSITORY, new Tally(15, 0))));
        var repair = new LinkRepair(
                List.of(new Totals.Missing("team/app", SHA512, SHA256)), Map.of("permission denied", 1L));
        var sweep = new Sweep(
                Map.of(Kind.BLOB, new Tally(1, 2), Kind.LAYER, new Tally(3, 0), Kind.MANIFEST, new Tally(1, 0)),
                3,
                Map.of("young now", 1L),
                Map.of("the storage failed", 2L));
        return Stream.concat(
                full(
                        "runs",
                        RunRecord.class,
                        new RunRecord.Requested(
                                RUN,
                                1,
                                OPTIONS,
                                40,
                                "operator@host",
                                new RunId("20251231-000000"),
                                true,
                                PolicyText.of("policies: []"),
                                true),
                        new RunRecord.Enumerated(
                                RUN,
                                "/var/lib/registry",
                                1,
                                2,
                                3,
                                4,
                                5,
                                6,
                                Arrays.stream(Problem.Kind.values())
                                        .collect(Collectors.toMap(kind -> kind, kind -> 1L)),
                                problems(),
                                3,
                                CHECKSUM,
                                DescriptorCache.IN_MEMORY,
                                new TagsGoing(12, 1, List.of("team/app"), new TagsGoing.Share("team/base", 11, 20)),
                                5L,
                                FINGERPRINT,
                                OTHER_FILES),
                        new RunRecord.Decided(RUN, 0, 4, 3, totals, CHECKSUM),
                        new RunRecord.Waiting(RUN, "80 percent of the blobs"),
                        new RunRecord.Approved(RUN, "operator"),
                        new RunRecord.TagsSwept(RUN, 2, 4),
                        new RunRecord.Swept(RUN, 3, 4, sweep, CHECKSUM, "operator", repair),
                        new RunRecord.Verified(
                                RUN, 1, 2, 3, List.of(new RunRecord.Verified.Lost(Kind.LAYER, SHA256, "team/app"))),
                        new RunRecord.Failed(
                                RUN, "marker", "partition 0 of blobs has 1 record, and the enumerator wrote 2"),
                        new RunRecord.Cancelled(RUN, "interrupted")),
                minimal(
                        "runs",
                        RunRecord.class,
                        new RunRecord.Requested(RUN, 1, OPTIONS, 40, "schedule", null, null, null),
                        new RunRecord.Enumerated(
                                RUN,
                                "/var/lib/registry",
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                null,
                                null,
                                0,
                                Checksum.NONE,
                                DescriptorCache.UNKNOWN,
                                null,
                                null,
                                Fingerprint.NONE,
                                NOT_ALL_READ),
                        new RunRecord.Decided(RUN, 0, 1, 1, Totals.NONE, CHECKSUM),
                        new RunRecord.Swept(RUN, 0, 1, Sweep.NONE, CHECKSUM, null, null),
                        new RunRecord.Verified(RUN, 1, 0, 0, null),
                        new RunRecord.Failed(RUN, "sweeper", "why"),
                        new RunRecord.Failed(RUN, "enumerator", "why")));
    }

    private static Stream<Sample> work() {
        return Stream.concat(
                full(
                        "work",
                        WorkRecord.class,
                        new WorkRecord.Shards(
                                RUN,
                                1,
                                "sha256",
                                "a0",
                                "af",
                                "a symbolic link out of the root",
                                List.of(HOLD),
                                WITNESS),
                        new WorkRecord.Repository(RUN, 2, "team/app", List.of(HOLD), 3, 5L, WITNESS),
                        new WorkRecord.Multiparts(RUN, 3, List.of(HOLD), WITNESS),
                        new WorkRecord.Trash(RUN, 4, WITNESS)),
                minimal(
                        "work",
                        WorkRecord.class,
                        new WorkRecord.Shards(RUN, 0, "sha512", "00", "00", null, List.of(), null),
                        new WorkRecord.Repository(RUN, 0, "a", List.of(), null, null, null),
                        new WorkRecord.Multiparts(RUN, 0, List.of(), null),
                        new WorkRecord.Trash(RUN, 0, null)));
    }

    private static Stream<Sample> workDone() {
        Map<Problem.Kind, Long> counts =
                Arrays.stream(Problem.Kind.values()).collect(Collectors.toMap(kind -> kind, kind -> 1L));
        var records = Arrays.stream(Input.values())
                .map(input -> new WorkDoneRecord.Records(input, input.ordinal(), 5, CHECKSUM))
                .toList();
        return Stream.concat(
                full(
                        "work.done",
                        WorkDoneRecord.class,
                        new WorkDoneRecord.Planned(
                                RUN,
                                1,
                                300,
                                counts,
                                problems(),
                                "/var/lib/registry",
                                CHECKSUM,
                                List.of(HOLD),
                                DescriptorCache.REDIS,
                                5L,
                                List.of(WITNESS),
                                new Tally(3, 4)),
                        new WorkDoneRecord.Done(
                                RUN,
                                1,
                                "team/app",
                                1,
                                2,
                                1,
                                1,
                                0,
                                3,
                                4,
                                5,
                                records,
                                counts,
                                problems(),
                                CHECKSUM,
                                FINGERPRINT,
                                OTHER_FILES)),
                minimal(
                        "work.done",
                        WorkDoneRecord.class,
                        new WorkDoneRecord.Planned(
                                RUN, 0, 0, null, null, "here", CHECKSUM, List.of(), null, null, List.of(), Tally.NONE),
                        new WorkDoneRecord.Done(
                                RUN,
                                0,
                                null,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                null,
                                null,
                                null,
                                null,
                                Fingerprint.NONE,
                                NOT_ALL_READ)));
    }
}
