package dev.tidemark.marker.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.MarksRecord.Marks;
import dev.tidemark.schemas.RunId;
import dev.tidemark.testkit.Held;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is live because of its subject, case by case: the properties have all of them at once. */
class ReferrersTest {

    private static final RunId FIRST = new RunId("20260101-000000");
    private static final RunId SECOND = new RunId("20260101-000001");
    private static final Options OPTIONS = new Options(RandomInput.CUTOFF, true, false);

    private record Case(String name, List<Held<Manifest>> registry, Set<String> goes) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** @param goes the eligible manifests, as {@code repository/name} */
    private static Case of(String name, Stream<Held<Manifest>> registry, String... goes) {
        return new Case(name, registry.toList(), Set.of(goes));
    }

    static Stream<Case> cases() {
        return Stream.of(
                of("of a tagged image", Stream.of(tagged("a", "image"), referrer("a", "sig", "image"))),
                of(
                        "of an image that goes",
                        Stream.of(image("a", "image"), referrer("a", "sig", "image")),
                        "a/image",
                        "a/sig"),
                of(
                        "a chain",
                        Stream.of(
                                referrer("a", "signature of the sbom", "sbom"),
                                referrer("a", "sbom", "image"),
                                tagged("a", "image"))),
                of(
                        "a cycle that nothing leads to",
                        Stream.of(referrer("a", "one", "other"), referrer("a", "other", "one")),
                        "a/one",
                        "a/other"),
                of(
                        "a cycle that a tag leads to",
                        Stream.of(
                                tagged("a", "image"),
                                referrer("a", "one", "image"),
                                referrer("a", "two", "three"),
                                referrer("b", "three", "two"),
                                image("b", "two"),
                                referrer("a", "three", "one"))),
                of(
                        "of a subject in another repository",
                        Stream.of(tagged("a", "image"), referrer("b", "sig", "image")),
                        "b/sig"),
                of(
                        "of a subject that both repositories hold",
                        Stream.of(tagged("a", "image"), image("b", "image"), referrer("b", "sig", "image"))),
                of(
                        "of a subject that is nowhere",
                        Stream.of(tagged("a", "image"), referrer("a", "sig", "gone")),
                        "a/sig"),
                of(
                        "a tagged referrer keeps no subject, and none of its other referrers",
                        Stream.of(
                                image("a", "image"),
                                taggedReferrer("a", "sig", "image"),
                                referrer("a", "sbom", "image")),
                        "a/image",
                        "a/sbom"),
                of(
                        "a live referrer is live wherever it is held",
                        Stream.of(tagged("a", "image"), referrer("a", "sig", "image"), referrer("b", "sig", "image"))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aReferrerIsLiveWhereItsSubjectIsLiveAndHeld(Case one) {
        for (int partitions : new int[] {1, 2, 5}) {
            for (int seed = 0; seed < 20; seed++) {
                var simulation =
                        new Simulation(partitions, new Random(seed)).repeating().crashing();
                simulation.input().publish(FIRST, OPTIONS, List.copyOf(one.registry()));
                simulation.run();

                assertThat(simulation.failed(FIRST)).isEmpty();
                assertThat(simulation.eligible(FIRST, false)).isEqualTo(named(one.goes()));
            }
        }
    }

    /** Each subject is told once, whatever is repeated, and by a mark that keeps nothing. */
    @Test
    void aSubjectIsToldOnce() {
        var simulation = new Simulation(3, new Random(1)).repeating().crashing();
        simulation.input().publish(FIRST, OPTIONS, List.of(image("a", "image"), referrer("a", "sig", "image")));
        simulation.run();

        assertThat(Stream.of(0, 1, 2)
                        .flatMap(partition -> simulation.input().marks(partition).stream())
                        .filter(Marks.class::isInstance)
                        .flatMap(marks -> ((Marks) marks).marks().stream()))
                .containsExactly(
                        new Marks.Entry(digest("sig"), "a", List.of(), null, List.of(), null, digest("image")));
    }

    @Test
    void aReferrerOfAnEarlierRunIsForgotten() {
        var simulation = new Simulation(3, new Random(1));
        simulation.input().publish(FIRST, OPTIONS, List.of(tagged("a", "image"), referrer("a", "sig", "image")));
        simulation.run();
        simulation.input().publish(SECOND, OPTIONS, List.of(tagged("a", "image"), image("a", "sig")));
        simulation.run();

        assertThat(simulation.eligible(FIRST, false)).isEmpty();
        assertThat(simulation.eligible(SECOND, false)).isEqualTo(named(Set.of("a/sig")));
    }

    private static Set<String> named(Set<String> manifests) {
        return manifests.stream()
                .map(name -> "MANIFEST " + name.substring(0, 1) + " " + digest(name.substring(2)) + " null")
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Held<Manifest> image(String repository, String name) {
        return manifest(repository, name, List.of(), null);
    }

    private static Held<Manifest> tagged(String repository, String name) {
        return manifest(repository, name, List.of("latest"), null);
    }

    private static Held<Manifest> referrer(String repository, String name, String subject) {
        return manifest(repository, name, List.of(), digest(subject));
    }

    private static Held<Manifest> taggedReferrer(String repository, String name, String subject) {
        return manifest(repository, name, List.of("latest"), digest(subject));
    }

    private static Held<Manifest> manifest(String repository, String name, List<String> tags, Digest subject) {
        return new Held<>(
                repository,
                new Manifest(
                        digest(name),
                        null,
                        1,
                        1,
                        tags,
                        List.of(),
                        List.of(),
                        List.of(),
                        null,
                        List.of(),
                        subject,
                        null,
                        null,
                        false));
    }

    private static Digest digest(String name) {
        return RandomInput.digest(name);
    }
}
