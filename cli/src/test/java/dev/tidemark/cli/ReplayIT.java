package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Past runs on the storage of the real registry, replayed from their topics: as real runs with that policy are. */
class ReplayIT extends RegistryOfBuilds {

    private String few;
    private String none;

    @Override
    void pushMore(DockerRegistry registry) {
        registry.pushImage(APP, "latest", "config old", "base", "layer old");
        registry.pushImage(APP, "latest", "config 6", "base", "layer 6");
    }

    @BeforeEach
    void twoPolicies() {
        few = policy("few.yml", """
                policies:
                  - name: builds
                    repositories: ["team/**"]
                    tags:
                      - match: ["main-*"]
                        keepAny: { newest: 2 }
                    untagged: { deleteAfter: 1d }
                """);
        none = policy("none.yml", """
                policies:
                  - name: nothing
                    repositories: ["team/**"]
                    tags:
                      - match: ["main-*", "latest"]
                        keep: none
                """);
    }

    @Test
    void aReplayIsTheDryRunThatWouldHaveBeenMade() {
        Map<String, JsonNode> real = new LinkedHashMap<>();
        real.put(few, dryRun("--policy", few));
        real.put(none, dryRun("--policy", none));
        real.put("untagged manifests", dryRun("--delete-untagged"));
        real.put("nothing", dryRun());
        RegistryOnDisk.remove(root.resolve("docker"));

        for (Map.Entry<String, JsonNode> recorded : real.entrySet()) {
            String run = recorded.getValue().path("run").asText();
            JsonNode replays = replay("--format", "json", run, "--policy", few, "--policy", none);

            assertThat(replays).hasSize(3);
            assertThat(amounts(replays.get(0))).as(recorded.getKey()).isEqualTo(summed(recorded.getValue()));
            boolean untagged = recorded.getKey().equals("untagged manifests");
            boolean history = !recorded.getKey().equals("nothing");
            assertThat(amounts(replays.get(1)).getFirst())
                    .as("tags that go, of " + recorded.getKey())
                    .isEqualTo(summed(real.get(few)).getFirst());
            if (history && !untagged) {
                assertThat(amounts(replays.get(1))).as(recorded.getKey()).isEqualTo(summed(real.get(few)));
            }
            if (!untagged) {
                assertThat(amounts(replays.get(2))).as(recorded.getKey()).isEqualTo(summed(real.get(none)));
            }
            assertThat(replays.get(1).has("caution")).isEqualTo(!history);
        }
    }

    @Test
    void aSweptRunIsComparedWithAnotherPolicy() {
        Tidemark.Result swept =
                tidemark.collect("--policy", few, "--max-delete", "90", "--format", "json", root.toString());
        assertThat(swept.exitCode()).as(swept.err()).isZero();
        String run = swept.summary().path("run").asText();

        Tidemark.Result same = tidemark.type("compare", run, "--policy", few, "--format", "json");
        Tidemark.Result other = tidemark.type("compare", "latest", "--policy", none, "--format", "json");
        Tidemark.Result text = tidemark.type("compare", run, "--policy", none);

        assertThat(same.exitCode()).as(same.err()).isZero();
        assertThat(same.summary().path("replay").asText()).isEqualTo(few);
        assertThat(same.summary().path("stillEligible").path("manifests").asInt())
                .isEqualTo(5);
        assertThat(same.summary().path("becameEligible").path("manifests").asInt())
                .isZero();
        assertThat(same.summary().path("rescued").path("manifests").asInt()).isZero();
        assertThat(other.summary().path("becameEligible").path("named"))
                .extracting(manifest -> manifest.path("tag").asText())
                .containsExactlyInAnyOrder("main-5", "latest");
        assertThat(other.summary().path("rescued").path("manifests").asInt())
                .as("that which latest named before")
                .isEqualTo(1);
        assertThat(other.summary().path("freedByEarlier").path("blobs").asInt()).isZero();
        assertThat(text.out()).contains("and its replay with " + none, "would go, too", "would stay");
        Tidemark.Result refused = tidemark.type("compare", run, run, "--policy", none);
        assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void severalRunsAreATableAndAPage() throws IOException {
        String first = dryRun("--policy", few).path("run").asText();
        String second = dryRun("--policy", none).path("run").asText();
        Path page = directory.resolve("kept.html");

        Tidemark.Result all =
                tidemark.type("replay", "--all", "--policy", few, "--policy", none, "--html", page.toString());

        assertThat(all.exitCode()).as(all.err()).isZero();
        assertThat(all.out().lines().toList()).hasSize(9);
        assertThat(all.out()).containsSubsequence(first, "(as it ran)", few, none, second, "(as it ran)", few, none);
        assertThat(Files.readString(page)).contains(first, second, "Bytes kept by policy", "builds, line");
        assertThat(tidemark.type("replay", "--policy", few).out()).contains("run " + second + " with " + few);
    }

    @Test
    void aNameThatIsNoPolicyAndNoRunIsSaidInALine() {
        dryRun();
        String wrong = policy("wrong.yml", "policies: [{ name: x, repositorys: [] }]");

        for (String[] arguments : List.of(
                new String[] {"replay", "--policy", wrong},
                new String[] {"replay", "20200101-000000", "--policy", few},
                new String[] {"replay", "latest", "--all", "--policy", few},
                new String[] {
                    "replay",
                    "--policy",
                    few,
                    "--html",
                    directory.resolve("not/there.html").toString()
                },
                new String[] {"replay"})) {
            Tidemark.Result refused = tidemark.type(arguments);

            assertThat(refused.exitCode()).as(Arrays.toString(arguments)).isEqualTo(ExitCode.USAGE);
            assertThat(refused.err()).isNotBlank();
            assertThat(refused.out()).isEmpty();
        }
    }

    private JsonNode replay(String... arguments) {
        List<String> all = new ArrayList<>(List.of("replay"));
        all.addAll(List.of(arguments));
        Tidemark.Result result = tidemark.type(all.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.summary();
    }

    private JsonNode dryRun(String... options) {
        List<String> all = new ArrayList<>(List.of("--dry-run", "--format", "json"));
        all.addAll(List.of(options));
        all.add(root.toString());
        Tidemark.Result run = tidemark.collect(all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.summary();
    }

    /** Tags that go, manifests, layer links, blobs and bytes. */
    private static List<Long> amounts(JsonNode replayed) {
        JsonNode amounts = replayed.path("amounts");
        return List.of(
                amounts.path("tagsGoing").asLong(),
                amounts.path("manifests").asLong(),
                amounts.path("layerLinks").asLong(),
                amounts.path("blobs").asLong(),
                amounts.path("bytes").asLong());
    }

    /** The same, as a run's own summary has them. */
    private static List<Long> summed(JsonNode summary) {
        return List.of(
                summary.path("policy").path("going").asLong(),
                summary.path("manifests").path("eligible").asLong(),
                summary.path("layerLinks").path("eligible").asLong(),
                summary.path("blobs").path("eligible").path("count").asLong(),
                summary.path("blobs").path("eligible").path("bytes").asLong());
    }
}
