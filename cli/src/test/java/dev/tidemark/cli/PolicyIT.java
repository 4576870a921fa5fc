package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Policies on the storage of the real registry: the tags that they let go, and all that the others need. */
class PolicyIT extends RegistryOfBuilds {

    @Override
    void pushMore(DockerRegistry registry) {
        registry.pushImage(APP, "latest", "config 6", "base", "layer 6");
        registry.pushImage(APP, "v1", "config v1", "base", "layer v1");
        registry.pushImage(APP, "pr-7", "config v1", "base", "layer v1");
    }

    @Test
    void tagsGoByThePolicyAndAllElseIsServedAndAnUndoBringsThemBack() {
        Map<String, String> before = storage.snapshot();
        Map<String, Set<String>> images = images();
        assertThat(images).hasSize(10);
        String policy = policy("policy.yml", """
                policies:
                  - name: builds
                    repositories: ["team/**"]
                    tags:
                      - match: ["main-*"]
                        keepAny: { newest: 2 }
                      - match: ["pr-*"]
                        keepAny: { pushedWithin: 1d }
                """);

        JsonNode found = tidemark.type("policy", "try", "--format", "json", policy, root.toString())
                .summary();

        assertThat(found)
                .extracting(
                        group -> group.path("repository").asText(),
                        group -> group.path("kept").asInt(),
                        group -> group.path("going").asInt(),
                        group -> group.path("newestGoing").path("tag").asText(),
                        group -> group.path("oldestKept").path("tag").asText())
                .containsExactly(
                        tuple(APP, 2, 4, "main-4", "main-5"),
                        tuple(APP, 0, 1, "pr-7", ""),
                        tuple(BASE, 1, 0, "", "old"),
                        tuple(APP, 2, 0, "", "latest"));
        Tidemark.Result tried = tidemark.collect("--dry-run", "--policy", policy, root.toString());
        // Another tag keeps the image of pr-7, and all images have the layer base in common.
        assertThat(found).extracting(group -> group.path("bytes").asLong()).containsExactly(bytes(tried), 0L, 0L, 0L);
        assertThat(bytes(tried)).isPositive();

        assertThat(tried.exitCode()).as(tried.err()).isZero();
        assertThat(tried.tags()).containsExactly("main-1", "main-2", "main-3", "main-4", "pr-7");
        assertThat(storage.snapshot()).isEqualTo(before);

        Tidemark.Result swept = collect(policy);

        assertThat(swept.exitCode()).as(swept.err()).isZero();
        assertThat(swept.tags()).containsExactly("main-1", "main-2", "main-3", "main-4", "pr-7");
        assertThat(swept.manifests()).hasSize(4);
        Map<String, Set<String>> left = new TreeMap<>(images);
        left.keySet().removeIf(image -> image.matches("team/app:(main-[1-4]|pr-7)"));
        assertThat(images()).isEqualTo(left);

        String run = swept.summary().path("run").asText();
        Tidemark.Result undone = tidemark.type("undo", run, root.toString());

        assertThat(undone.exitCode()).as(undone.err()).isZero();
        assertThat(storage.snapshot()).isEqualTo(before);
        assertThat(images()).isEqualTo(images);

        Tidemark.Result next = collect(policy);

        assertThat(next.exitCode()).as(next.err()).isZero();
        assertThat(next.tags()).as("what an undo has brought back is held").isEmpty();
    }

    @Test
    void aTagIsKeptThatWasPushedAgain() {
        String policy = policy("policy.yml", """
                policies:
                  - name: builds
                    repositories: ["**"]
                    tags:
                      - match: ["main-*"]
                        keepAny: { newest: 2 }
                """);
        try (var registry = DockerRegistry.serve(directory, root)) {
            registry.pushImage(APP, "main-1", "config 1", "base", "layer 1");
        }

        assertThat(collect(policy).tags()).containsExactly("main-2", "main-3", "main-4");
        assertThat(images()).containsKey("team/app:main-1");
    }

    @Test
    void withoutEventsEveryTagCountsAsPulled() {
        String policy = policy("policy.yml", """
                policies:
                  - name: unused
                    repositories: ["**"]
                    tags:
                      - match: ["main-*"]
                        keepAll: { pushedWithin: 17d, pulledWithin: 1h }
                      - match: ["*"]
                        keepAny: { newestPulled: 1 }
                """);

        Tidemark.Result tried = tidemark.type("policy", "try", policy, root.toString());

        assertThat(tried.exitCode()).as(tried.err()).isZero();
        assertThat(tried.out() + tried.err()).contains("No events of pulls are collected");
        assertThat(collect(policy).tags()).containsExactly("main-1", "main-2", "main-3");
    }

    @Test
    void aRepositoryThatWouldLoseAllItsTagsWaits() {
        Map<String, String> before = storage.snapshot();
        String policy = policy("policy.yml", """
                policies:
                  - name: typo
                    repositories: ["library/**"]
                    tags:
                      - match: ["*"]
                        keepAny: { pushedWithin: 1h }
                """);

        Tidemark.Result held = tidemark.collect("--policy", policy, root.toString());

        assertThat(held.exitCode()).as(held.err()).isEqualTo(ExitCode.WAITING);
        assertThat(held.err() + held.out()).contains("library/base loses all its tags", "--max-delete 100");
        assertThat(storage.snapshot()).isEqualTo(before);
    }

    @Test
    void aPolicyThatIsNoneDeletesNothingAndSaysTheLine() {
        Map<String, String> before = storage.snapshot();
        String policy = policy("policy.yml", """
                policies:
                  - name: builds
                    repositories: ["**"]
                    tags:
                      - matches: ["main-*"]
                        keepAny: { newest: 2 }
                """);

        Tidemark.Result refused = tidemark.collect("--policy", policy, root.toString());

        assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains(policy + ", line 5: ", "did you mean 'match'?");
        assertThat(storage.snapshot()).isEqualTo(before);
    }

    private Tidemark.Result collect(String policy) {
        return tidemark.collect(
                "--policy", policy, "--keep-trash", "1h", "--format", "json", "--max-delete", "90", root.toString());
    }

    @Test
    void aTryTakesTheOptionsOfADryRun() throws IOException {
        String policy = policy("policy.yml", """
                policies:
                  - name: builds
                    repositories: ["team/**"]
                    tags:
                      - match: ["latest", "main-*"]
                        keepAny: { pushedWithin: 8d }
                """);
        Path plan = directory.resolve("plan");
        try (var registry = DockerRegistry.serve(directory, root)) {
            registry.pushImage(BASE, "old", "config new", "new");
        }
        storage.age(Duration.ofDays(2));
        for (int build = 1; build <= 6; build++) {
            RegistryOnDisk.age(storage.repo(APP).currentLink("main-" + build), Duration.ofDays(9));
        }

        JsonNode found = tidemark.type(
                        "policy",
                        "try",
                        "--format",
                        "json",
                        "--delete-untagged",
                        "--min-age",
                        "1h",
                        "--plan",
                        plan.toString(),
                        policy,
                        root.toString())
                .summary();

        long byRules =
                found.findValues("bytes").stream().mapToLong(JsonNode::asLong).sum();
        long planned = 0;
        for (String line : Files.readAllLines(plan)) {
            planned += JsonSerde.MAPPER.readTree(line).path("bytes").asLong();
        }
        assertThat(byRules)
                .as("no rule lets the image go that old has named before")
                .isPositive()
                .isLessThan(planned);
    }

    private static long bytes(Tidemark.Result run) {
        return run.plan().stream()
                .mapToLong(line -> line.path("bytes").asLong())
                .sum();
    }

    /** What a registry that is started now serves: the files of each image that a tag names, all pulled. */
    private Map<String, Set<String>> images() {
        Map<String, Set<String>> images = new HashMap<>();
        try (var registry = DockerRegistry.serve(directory, root)) {
            assertThat(Pulled.repositories(registry)).containsExactlyInAnyOrder(APP, BASE);
            for (String repository : List.of(APP, BASE)) {
                for (String tag : Pulled.tags(registry, repository)) {
                    Set<String> files = new TreeSet<>();
                    Pulled.of(registry, repository + ":" + tag)
                            .forEach((name, bytes) -> files.add(name + " " + RegistryOnDisk.sha256(bytes)));
                    images.put(repository + ":" + tag, files);
                }
            }
        }
        return images;
    }
}
