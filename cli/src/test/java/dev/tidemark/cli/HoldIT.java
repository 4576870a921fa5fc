package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is held is kept by a real run, with all that it leads to, and by the word of the run's records. */
class HoldIT {

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private RepositoryOnDisk app;
    private Tidemark tidemark;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("team/app");
        app.tag("latest", app.image("latest"));
        tidemark = new Tidemark(directory.resolve("home"));
        assertThat(tidemark.collect("--dry-run", root()).exitCode()).isZero();
    }

    @Test
    void aHeldImageIsKeptUntilItIsHeldNoLonger() {
        String index = app.index(app.image("amd64"), app.image("arm64"));
        String retagged = app.image("retagged");
        app.tag("v1", retagged);
        String blob = registry.blob("linked by nobody");
        registry.repo("archive/old").layerLink(registry.blob("linked, and named by nothing"));
        Map<String, String> all = registry.snapshot();
        app.image("garbage");

        hold("add", "--reason", "release audit", "--by", "alice", index);
        hold("add", "--registry", root(), "--until", "90d", "team/app:v1");
        hold("add", blob);
        hold("add", "archive/**");
        RegistryOnDisk.remove(app.tagDirectory("v1"));
        all.keySet().removeIf(file -> file.contains("/tags/v1/"));

        assertThat(hold("list", "--format", "json").summary())
                .extracting(line -> line.path("of").asText())
                .containsExactlyInAnyOrder("archive/**", index, blob, "team/app:v1");
        Tidemark.Result swept = collect();

        assertThat(swept.exitCode()).as(swept.err()).isZero();
        assertThat(swept.summary().path("holds").asInt()).isEqualTo(4);
        assertThat(swept.summary().path("kept").path("held").path("count").asInt())
                .isEqualTo(4);
        assertThat(registry.snapshot()).isEqualTo(all);
        assertThat(Tidemark.run("audit", "--data-dir", data(), "--format", "json")
                        .summary()
                        .path("verdict")
                        .asText())
                .isEqualTo("proved");
        JsonNode explained = Tidemark.run("explain", "--data-dir", data(), "--format", "json", index)
                .summary();
        assertThat(explained.path("verdict").asText()).isEqualTo("kept");
        assertThat(explained.path("held").path(0).asText()).isEqualTo("held by alice: release audit");
        assertThat(Tidemark.run("explain", "--data-dir", data(), retagged).out())
                .contains(" until ", "held by ");

        for (String of : List.of(index, blob, "archive/**", "team/app:v1")) {
            assertThat(hold("remove", of).exitCode()).isZero();
        }
        assertThat(hold("list").out()).startsWith("Nothing is held");
        Tidemark.Result last = collect();

        assertThat(last.summary().has("holds")).isFalse();
        assertThat(registry.blobs()).doesNotContain(index, retagged, blob).hasSize(4);
    }

    /** The plan alone has the holds of digests: whoever reads a repository looks them up. */
    @Test
    void noPolicyTakesATagOfADigestThatIsHeld() throws IOException {
        String held = app.image("held");
        app.tag("v1", held);
        app.tag("v2", app.image("let go"));
        RepositoryOnDisk other = registry.repo("team/other");
        other.link(held);
        other.tag("v1", held);
        hold("add", held);
        Path policy = Files.writeString(directory.resolve("policy.yml"), """
                policies:
                  - name: nothing
                    repositories: ["**"]
                    tags:
                      - match: ["v*"]
                        keep: none
                """);

        Tidemark.Result swept = collect("--policy", policy.toString());

        assertThat(swept.exitCode()).as(swept.err()).isZero();
        assertThat(swept.tags()).containsExactly("v2");
        assertThat(Tidemark.run("explain", "--data-dir", data(), "team/other:v1")
                        .out())
                .contains("held by ");
        assertThat(Tidemark.run("audit", "--data-dir", data()).exitCode()).isZero();
    }

    @Test
    void theSummarySaysHowManyHoldsCountedIfThereAreAny() {
        assertThat(tidemark.collect("--dry-run", root()).out()).doesNotContain("hold list");

        hold("add", "team/*");

        assertThat(tidemark.collect("--dry-run", root()).out()).contains("hold counted: 'tidemark hold list' has them");
    }

    @Test
    void aHoldThatCanNotBeSaysWhy() {
        assertThat(hold("add", "sha256:12ab").err()).contains("write all of it");
        assertThat(hold("add", "Team/App:v1").err()).contains("no registry serves");
        assertThat(hold("add", "--until", "yesterday", "team/app").err())
                .contains("--until: 'yesterday' is no duration", "or a time, as 2027-01-31T00:00:00Z");
        assertThat(hold("add", "--until", "2020-01-01T00:00:00Z", "team/app").err())
                .contains("is past");
        assertThat(hold("add", "--registry", root(), "team/app:gone").err())
                .contains("the registry has no tag team/app:gone");
        Tidemark.Result none = hold("remove", "team/app:v1");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("there is no hold of team/app:v1");
    }

    /** A part of what a run has swept; the registry is only looked at. */
    @Test
    void anUndoSaysWhatAPartOfARunWouldBringBack() {
        String garbage = app.image("garbage");
        JsonNode swept = tidemark.collect(
                        "-m", "--min-age", "0", "--keep-trash", "1d", "--settle", "0", "--format", "json", root())
                .summary();
        String run = swept.path("run").asText();

        JsonNode one = Tidemark.run("undo", "-d", "--format", "json", "--digest", garbage, run, root())
                .summary();
        assertThat(Tidemark.run("undo", "-d", "--quiet", "--digest", garbage, run, root())
                        .out())
                .isEmpty();
        Tidemark.Result none = Tidemark.run("undo", "-d", "--repository", "other/*", run, root());

        assertThat(one.path("restored").path("count").asInt()).isEqualTo(8);
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("the trash of run " + run + " has nothing that --repository and --digest name");
        assertThat(Tidemark.run("undo", "-d", "--repository", "team/{", run, root())
                        .err())
                .contains("'team/{' is no pattern of repositories");
    }

    private Tidemark.Result collect(String... more) {
        List<String> words =
                new ArrayList<>(List.of("-m", "--min-age", "0", "--max-delete", "100", "--format", "json"));
        words.addAll(List.of(more));
        words.add(root());
        return tidemark.collect(words.toArray(String[]::new));
    }

    private Tidemark.Result hold(String verb, String... arguments) {
        List<String> words = new ArrayList<>(List.of("hold", verb, "--data-dir", data()));
        words.addAll(List.of(arguments));
        return Tidemark.run(words.toArray(String[]::new));
    }

    private String data() {
        return directory.resolve("home/data").toString();
    }

    private String root() {
        return registry.root().toString();
    }
}
