package dev.tidemark.schemas;

import static dev.tidemark.schemas.Samples.CHECKSUM;
import static dev.tidemark.schemas.Samples.HOLD;
import static dev.tidemark.schemas.Samples.RUN;
import static dev.tidemark.schemas.Samples.SHA256;
import static dev.tidemark.schemas.Samples.SHA384;
import static dev.tidemark.schemas.Samples.SHA512;
import static dev.tidemark.schemas.Samples.full;
import static dev.tidemark.schemas.Samples.minimal;
import static dev.tidemark.schemas.Samples.problems;

import dev.tidemark.schemas.Samples.Sample;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Samples of what is in repositories, what is known of it, and what people and clients do with it. */
final class RepositorySamples {

    private RepositorySamples() {}

    static Stream<Sample> all() {
        return Stream.of(repositories(), tags(), known(), knownSubjects(), holds(), events(), pulls())
                .flatMap(Function.identity());
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
}
