package dev.tidemark.schemas;

import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Blobs;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Layers;
import dev.tidemark.schemas.EnumeratedRecord.Leftover;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Manifests;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.MarksRecord.EndOfSuperstep;
import dev.tidemark.schemas.MarksRecord.Marks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One of each record with everything it can say, and one with as little as it may say. */
final class Samples {

    static final RunId RUN = new RunId("20261123-211839");
    static final Digest SHA256 = Digest.Algorithm.SHA256.of(new byte[] {1});
    static final Digest SHA384 = Digest.Algorithm.SHA384.of(new byte[] {2});
    static final Digest SHA512 = Digest.Algorithm.SHA512.of(new byte[] {3});

    static final Checksum CHECKSUM = Checksum.of(new byte[] {4});

    private static final Witness WITNESS = new Witness(SHA512, 1_795_000_000_000L);
    private static final Fingerprint FINGERPRINT = new Fingerprint(List.of(WITNESS), 1_794_000_000_000L);
    private static final Options OPTIONS = new Options(1_795_000_000_000L, true, false, 1_794_000_000_000L);

    private Samples() {}

    /**
     * @param topic the topic that carries the record
     * @param type what its serde is made for
     * @param full whether every field says something
     */
    record Sample(String topic, Class<?> type, Object record, boolean full) {
        @Override
        public String toString() {
            return topic + " " + (full ? "full " : "minimal ")
                    + record.getClass().getSimpleName();
        }
    }

    static Stream<Sample> all() {
        return Stream.of(
                        manifests(),
                        blobs(),
                        layers(),
                        marks(),
                        eligible(),
                        deletions(),
                        repositories(),
                        runs(),
                        work(),
                        workDone(),
                        known(),
                        knownSubjects(),
                        trash(),
                        holds(),
                        events(),
                        pulls(),
                        tags())
                .flatMap(Function.identity());
    }

    private static Stream<Sample> manifests() {
        return Stream.concat(
                full(
                        "manifests",
                        EnumeratedRecord.class,
                        new Manifests(
                                RUN,
                                "team/app",
                                List.of(
                                        new Manifest(
                                                SHA256,
                                                "application/vnd.oci.image.index.v1+json",
                                                1024,
                                                1,
                                                List.of("latest", "1.0"),
                                                List.of(new EnumeratedRecord.Going("1.0", 2)),
                                                List.of("1.0"),
                                                List.of(SHA256, SHA384),
                                                Sizes.of(1L << 40, Sizes.UNKNOWN),
                                                List.of(SHA512),
                                                SHA384,
                                                "its media type is not known",
                                                true,
                                                false),
                                        new Manifest(
                                                SHA512, null, 0, 0, null, List.of(), null, null, null, null, null, null,
                                                null, true))),
                        new StartOfInput(RUN, Input.MANIFESTS, OPTIONS, CHECKSUM),
                        new EndOfInput(RUN, Input.MANIFESTS, 3, CHECKSUM)),
                minimal(
                        "manifests",
                        EnumeratedRecord.class,
                        new Manifests(
                                RUN,
                                "a",
                                List.of(new Manifest(
                                        SHA512, null, 0, 0, null, List.of(), null, null, null, null, null, null, null,
                                        true))),
                        new StartOfInput(RUN, Input.MANIFESTS, OPTIONS, CHECKSUM),
                        new EndOfInput(RUN, Input.MANIFESTS, 0, CHECKSUM)));
    }

    private static Stream<Sample> blobs() {
        return Stream.concat(
                full(
                        "blobs",
                        EnumeratedRecord.class,
                        new Blobs(RUN, List.of(new Blob(SHA512, 1L << 40, -1, "kept"), new Blob(SHA256, 0, 0, null))),
                        new StartOfInput(RUN, Input.BLOBS, OPTIONS, CHECKSUM),
                        new EndOfInput(RUN, Input.BLOBS, 3, CHECKSUM)),
                minimal(
                        "blobs",
                        EnumeratedRecord.class,
                        new Blobs(RUN, List.of(new Blob(SHA256, 0, 0, null))),
                        new StartOfInput(RUN, Input.BLOBS, OPTIONS, CHECKSUM),
                        new EndOfInput(RUN, Input.BLOBS, 0, CHECKSUM)));
    }

    private static Stream<Sample> layers() {
        return Stream.concat(
                full(
                        "layers",
                        EnumeratedRecord.class,
                        new Layers(
                                RUN,
                                "team/app",
                                List.of(new Layer(SHA512, 1, SHA256, "kept"), new Layer(SHA256, 0, null, null)),
                                List.of(
                                        new Leftover(SHA256, "upload", 1, 1L << 40, "kept"),
                                        new Leftover(SHA512, "another", 0, 0, null))),
                        new StartOfInput(RUN, Input.LAYERS, OPTIONS, CHECKSUM),
                        new EndOfInput(RUN, Input.LAYERS, 3, CHECKSUM)),
                minimal(
                        "layers",
                        EnumeratedRecord.class,
                        new Layers(RUN, "a", List.of(new Layer(SHA256, 0, null, null))),
                        new Layers(RUN, "a", List.of(), List.of(new Leftover(SHA256, "u", 0, 0, null))),
                        new StartOfInput(RUN, Input.LAYERS, OPTIONS, CHECKSUM),
                        new EndOfInput(RUN, Input.LAYERS, 0, CHECKSUM)));
    }

    private static Stream<Sample> marks() {
        return full(
                "marks",
                MarksRecord.class,
                new Marks(
                        RUN,
                        3,
                        1,
                        2,
                        List.of(
                                new Marks.Entry(
                                        SHA512,
                                        "team/app",
                                        List.of(SHA256, SHA384),
                                        Sizes.of(0, 7),
                                        List.of(SHA512),
                                        true,
                                        SHA384),
                                new Marks.Entry(SHA256, "a", List.of(SHA512), null, null, null, null),
                                new Marks.Entry(SHA256, "b", null, null, List.of(SHA512), null, null),
                                new Marks.Entry(SHA256, "b", null, null, null, null, SHA512))),
                new EndOfSuperstep(RUN, 0, 17, 3, 2, 0));
    }

    private static Stream<Sample> eligible() {
        return Stream.concat(
                full(
                        "eligible",
                        EligibleRecord.class,
                        new Eligible(
                                RUN,
                                Kind.MANIFEST,
                                SHA256,
                                "team/app",
                                null,
                                0,
                                "no tag names it",
                                1,
                                List.of("1.0"),
                                RUN),
                        new Eligible(RUN, Kind.TAG, SHA256, "team/app", "pr-1", 0, "products lets it go", 1, null, RUN),
                        new Eligible(
                                RUN,
                                Kind.UPLOAD,
                                SHA256,
                                "team/app",
                                null,
                                "upload",
                                7,
                                "nobody has finished it",
                                1,
                                null,
                                RUN),
                        new EndOfEligible(RUN, 3, 12, CHECKSUM)),
                minimal(
                        "eligible",
                        EligibleRecord.class,
                        new Eligible(RUN, Kind.BLOB, SHA256, null, null, 7, "nothing live references it", 0, null, RUN),
                        new Eligible(
                                RUN, Kind.LAYER, SHA512, "a", null, 0, "no live manifest references it", 0, null, null),
                        new EndOfEligible(RUN, 0, 0, CHECKSUM)));
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
                                "upload",
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

    private static Stream<Sample> repositories() {
        return Stream.concat(
                full(
                        "repositories",
                        RepositoryRecord.class,
                        new RepositoryRecord(RUN, "team/app", 1, 2, 1, 3, problems(), CHECKSUM)),
                minimal(
                        "repositories",
                        RepositoryRecord.class,
                        new RepositoryRecord(RUN, "a", 0, 0, 0, 0, null, CHECKSUM)));
    }

    private static Stream<Sample> tags() {
        return Stream.concat(
                full(
                        "tags",
                        TagsRecord.class,
                        new TagsRecord(
                                RUN,
                                "team/app",
                                List.of(new TagsRecord.Tag(
                                        "v1",
                                        SHA256,
                                        2,
                                        3L,
                                        List.of(new TagsRecord.Past(SHA512, 1)),
                                        "held by operator",
                                        new TagsRecord.Subject(1L, "a run has seen it here"),
                                        new TagsRecord.Verdict(
                                                true, "products", "main-*", "pushed 3 d ago, kept for 30 d", 3L))))),
                minimal(
                        "tags",
                        TagsRecord.class,
                        new TagsRecord(
                                RUN,
                                "a",
                                List.of(
                                        new TagsRecord.Tag("v1", SHA256, 0, null, null, null, null, null),
                                        new TagsRecord.Tag(
                                                "v2",
                                                SHA256,
                                                0,
                                                null,
                                                null,
                                                null,
                                                new TagsRecord.Subject(null, "no run has seen it here"),
                                                new TagsRecord.Verdict(false, null, null, "no rule matches", null))))));
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
                new Totals.Leftovers(new Tally(13, 14), new Tally(15, 16)));
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
                                PolicyText.of("policies: []")),
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
                                FINGERPRINT),
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
                                Fingerprint.NONE),
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
                        new WorkRecord.Repository(RUN, 2, "team/app", List.of(HOLD), 3, 5L, WITNESS)),
                minimal(
                        "work",
                        WorkRecord.class,
                        new WorkRecord.Shards(RUN, 0, "sha512", "00", "00", null, List.of(), null),
                        new WorkRecord.Repository(RUN, 0, "a", List.of(), null, null, null)));
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
                                List.of(WITNESS)),
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
                                FINGERPRINT)),
                minimal(
                        "work.done",
                        WorkDoneRecord.class,
                        new WorkDoneRecord.Planned(
                                RUN, 0, 0, null, null, "here", CHECKSUM, List.of(), null, null, List.of()),
                        new WorkDoneRecord.Done(
                                RUN, 0, null, 0, 0, 0, 0, 0, 0, 0, 0, null, null, null, null, Fingerprint.NONE)));
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
                                "3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90",
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

    private static final TrashRecord.Due DUE = new TrashRecord.Due(1, 0, 2);

    private static final Hold HOLD = new Hold("team/app:v1", SHA256, "an audit", "operator", 1, 2L);

    private static Stream<Sample> holds() {
        return Stream.concat(
                full("holds", Hold.class, HOLD),
                minimal("holds", Hold.class, new Hold("team/**", null, null, "operator", 0, null)));
    }

    private static Stream<Sample> events() {
        return Stream.concat(
                full(
                        "events",
                        EventRecord.class,
                        new EventRecord("1", EventRecord.Action.MOUNT, "team/app", SHA256, "v1", "team/base", 1)),
                minimal(
                        "events",
                        EventRecord.class,
                        new EventRecord("1", EventRecord.Action.DELETE, "team/app", null, null, null, 1)));
    }

    private static Stream<Sample> pulls() {
        return Stream.of(
                        full("pulls", PullRecord.class, new PullRecord("team/app", "v1", SHA256, 3_600_000)),
                        minimal("pulls", PullRecord.class, new PullRecord("a", null, SHA512, 3_600_000)),
                        full(
                                "pulls.collected",
                                PullsCollected.class,
                                new PullsCollected("5sPXVxzYRmqhw1Ah_CI1Xg", 1, 3, 2)),
                        minimal("pulls.collected", PullsCollected.class, PullsCollected.none("x")))
                .flatMap(Function.identity());
    }

    private static Stream<Sample> known() {
        return Stream.concat(
                full(
                        "manifests.known",
                        KnownManifest.class,
                        new KnownManifest(
                                RUN,
                                1,
                                "application/vnd.oci.image.index.v1+json",
                                true,
                                7,
                                List.of(SHA256, SHA512),
                                Sizes.of(Sizes.UNKNOWN, 7),
                                List.of(SHA384),
                                SHA256)),
                minimal(
                        "manifests.known",
                        KnownManifest.class,
                        new KnownManifest(
                                RUN,
                                1,
                                "application/vnd.oci.image.manifest.v1+json",
                                false,
                                0,
                                null,
                                null,
                                null,
                                null)));
    }

    private static Stream<Sample> knownSubjects() {
        return Stream.concat(
                full("subjects.known", KnownSubject.class, new KnownSubject(RUN, 1L)),
                minimal("subjects.known", KnownSubject.class, new KnownSubject(RUN, null)));
    }

    private static List<Problem> problems() {
        return Arrays.stream(Problem.Kind.values())
                .map(kind -> new Problem(kind, "team/app:latest", kind.title()))
                .toList();
    }

    private static Stream<Sample> full(String topic, Class<?> type, Object... records) {
        return Arrays.stream(records).map(record -> new Sample(topic, type, record, true));
    }

    private static Stream<Sample> minimal(String topic, Class<?> type, Object... records) {
        return Arrays.stream(records).map(record -> new Sample(topic, type, record, false));
    }
}
