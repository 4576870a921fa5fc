package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.DockerRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A registry that remembers blobs in its memory. */
class RegistryMemoryIT extends RememberedImage {

    @Test
    void aPushThatARegistryTakesFromItsMemoryIsHealedByTheNextLook() {
        String manifest;
        try (var registry = DockerRegistry.serve(directory, root, "inmemory", "")) {
            manifest = pushAndDelete(registry);

            Tidemark.Result swept = collect(registry, "--keep-trash", "0");
            assertThat(swept.exitCode()).as(swept.err()).isZero();
            assertThat(swept.summary().path("cache").asText())
                    .startsWith("Restart each replica of the registry now ('docker restart NAME', 'kubectl rollout ");
            assertThat(swept.summary().path("trash").path("left").path("count").asInt())
                    .isPositive();

            assertThat(digests()).allMatch(digest -> registry.has(REPOSITORY, digest));
            assertThat(push(registry, manifest)).as("uploads").isEmpty();
            assertThat(whole(registry, manifest)).as("before the next look").isFalse();

            Tidemark.Result next = collect(registry);
            assertThat(next.exitCode()).as(next.err()).isZero();
            assertThat(whole(registry, manifest)).as("after the next look").isTrue();
        }
        try (var registry = DockerRegistry.serve(directory, root, "inmemory", "")) {
            assertThat(whole(registry, manifest)).as("after a restart").isTrue();
        }
    }

    /** Both replicas have the image in memory. One of them is asked first for what it has, then the other. */
    @Test
    void aPushIsWholeAtOnceWhereEachReplicaIsToldWhatIsGone() {
        try (var one = DockerRegistry.serve(directory, root, "inmemory", "");
                var other = DockerRegistry.serve(directory, root, "inmemory", "")) {
            one.pushImage("kept", "latest", "kept config", "kept layer");
            String digest = one.pushImage(REPOSITORY, "v1", PARTS.get(0), PARTS.get(1), PARTS.get(2));
            String manifest = text(one.manifest(REPOSITORY, digest).orElseThrow());
            for (List<DockerRegistry> replicas : List.of(List.of(one, other), List.of(other, one))) {
                assertThat(replicas).allMatch(replica -> whole(replica, manifest));
                replicas.getFirst().deleteManifest(REPOSITORY, digest);
                assertThat(digests()).allMatch(part -> replicas.getLast().has(REPOSITORY, part));

                Tidemark.Result swept = told(one, other);

                assertThat(swept.exitCode()).as(swept.err()).isZero();
                assertThat(swept.summary().path("cache").asText())
                        .startsWith("The registry remembers manifests in memory");
                assertThat(swept.summary().path("swept").path("spared").toString())
                        .isEqualTo("{\"a manifest that the registry may remember until it is restarted\":1}");
                assertThat(data()).contains(digest).doesNotContainAnyElementsOf(digests());
                assertThat(replicas)
                        .allSatisfy(replica -> assertThat(digests()).noneMatch(part -> replica.has(REPOSITORY, part)));
                assertThat(push(replicas.getLast(), manifest)).as("uploads").hasSize(PARTS.size());
                assertThat(replicas).as("at once").allMatch(replica -> whole(replica, manifest));
            }
        }
    }

    @Test
    void manifestsThatWereRememberedGoAfterARestart() {
        String manifest;
        try (var registry = DockerRegistry.serve(directory, root, "inmemory", "")) {
            manifest = pushAndDelete(registry);
            assertThat(told(registry).exitCode()).isZero();
        }
        String digest = digest(manifest);
        try (var registry = DockerRegistry.serve(directory, root, "inmemory", "")) {
            assertThat(told(registry).exitCode()).isZero();
            assertThat(data()).contains(digest);

            assertThat(collect(registry, "--registry-url", "http://" + registry.address(), "--registry-restarted")
                            .exitCode())
                    .isZero();

            assertThat(data()).doesNotContain(digest);
            push(registry, manifest);
            assertThat(whole(registry, manifest)).isTrue();
        }
    }

    @Test
    void nothingIsDeletedIfTheAddressIsAnotherRegistrys() throws IOException {
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        try (var registry = DockerRegistry.serve(directory, root, "inmemory", "");
                var other = DockerRegistry.serve(directory, elsewhere, "inmemory", "")) {
            pushAndDelete(registry);
            Set<String> before = data();

            Tidemark.Result result = collect(registry, "--registry-url", "http://" + other.address());

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err())
                    .containsOnlyOnce("\n")
                    .contains("http://" + other.address() + " has another storage than " + root);
            assertThat(data()).isEqualTo(before);
        }
    }

    @Test
    void aDryRunSaysThatTheRegistryRemembersInMemoryBeforeAnythingIsDeleted() {
        try (var registry = DockerRegistry.serve(directory, root, "inmemory", "")) {
            pushAndDelete(registry);

            Tidemark.Result dryRun = tidemark.collect(
                    "--dry-run",
                    "--delete-untagged",
                    "--min-age",
                    "0",
                    registry.config().toString());
            assertThat(dryRun.out()).contains("The registry remembers its blobs in memory", "docker restart NAME");

            Tidemark.Result ofDirectory =
                    tidemark.collect("--dry-run", "--delete-untagged", "--min-age", "0", root.toString());
            assertThat(ofDirectory.out()).contains("If the registry's config.yml says 'blobdescriptor: inmemory'");
        }
    }

    private Tidemark.Result told(DockerRegistry... replicas) {
        return collect(
                replicas[0],
                Stream.of(replicas)
                        .flatMap(replica -> Stream.of("--registry-url", "http://" + replica.address()))
                        .toArray(String[]::new));
    }
}
