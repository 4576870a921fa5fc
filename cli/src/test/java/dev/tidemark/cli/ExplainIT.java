package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real runs on real storage, and what the topics know of each kind of digest afterwards. */
class ExplainIT {

    @TempDir
    private Path directory;

    @Test
    void everyKindOfDigestIsExplainedAndRunsAreCompared() {
        var registry = RegistryOnDisk.at(directory.resolve("registry"));
        var tidemark = new Tidemark(directory.resolve("home"));
        var app = registry.repo("team/app");
        var other = registry.repo("other");
        String base = app.layer("base");
        String config = app.layer("config of v1");
        String v1 = app.image(RegistryOnDisk.OCI_IMAGE, config, base, app.layer("top of v1"));
        String amd64 = app.image("amd64");
        String index = app.index(amd64, app.image("arm64"));
        app.tag("v1", v1).tag("multi", index);
        other.layerLink(base).tag("v9", other.image(RegistryOnDisk.OCI_IMAGE, other.layer("config of v9"), base));
        registry.repo("leftover").layerLink(base);
        String untagged = app.image("untagged");
        String orphan = registry.blob("orphan");
        String lost = app.layer("lost");
        app.tag("broken", app.image(RegistryOnDisk.OCI_IMAGE, config, lost));
        RegistryOnDisk.remove(registry.data(lost));
        String odd = app.manifest("no manifest at all");
        String dangling = app.image("dangling");
        RegistryOnDisk.remove(registry.data(dangling));
        registry.repo("evil\u001b[31m")
                .tag("v\u0007", registry.repo("evil\u001b[31m").image("evil"));

        // A manifest that can't be understood keeps all of its repository's links, and so would hide everything else.
        registry.repo("odd").link(odd).tag("x", odd);
        RegistryOnDisk.remove(app.revision(odd).getParent());

        assertThat(tidemark.collect(
                                "-d", "-m", "--min-age", "0", registry.root().toString())
                        .exitCode())
                .isZero();
        String dry = run(json(base));

        assertThat(text(base))
                .startsWith("kept: the tag ")
                .contains("layer, 4 B", "In 3 repositories", "leftover: layer link eligible");
        JsonNode shared = json(base);
        assertThat(shared.path("verdict").asText()).isEqualTo("kept");
        assertThat(shared.path("is")).extracting(JsonNode::asText).containsExactly("layer");
        assertThat(shared.path("references").path("tags").asInt()).isEqualTo(2);
        assertThat(what(json("team/app@" + base).path("kept"))).containsExactly("tag", "manifest", "layer");
        assertThat(json("leftover@" + base.substring(0, 20)).path("verdict").asText())
                .isEqualTo("eligible");
        assertThat(what(json(config).path("kept"))).containsExactly("tag", "manifest", "config");
        assertThat(what(json(amd64).path("kept"))).containsExactly("tag", "index", "manifest");
        assertThat(json(index).path("is").get(0).asText()).isEqualTo("index");
        assertThat(json(lost).path("verdict").asText()).isEqualTo("missing");
        assertThat(json(dangling).path("verdict").asText()).isEqualTo("dangling");
        assertThat(json(odd).path("kept").path("rule").asText()).isEqualTo("tag");
        assertThat(text(orphan)).startsWith("eligible: nothing live references it; in a dry run: nothing is deleted");
        assertThat(text("evil\u001b[31m:v\u0007"))
                .doesNotContain("\u001b", "\u0007")
                .contains("evil [31m:v ");

        assertThat(text("localhost:5000/team/app:multi"))
                .startsWith("kept: the tag team/app:multi names the index " + index);
        JsonNode tag = json("team/app:v1");
        assertThat(tag.path("shared").path("bytes").asInt()).isEqualTo("base".length() + "config of v1".length());
        assertThat(tag.path("tree").path("children"))
                .extracting(child -> child.path("what").asText())
                .containsExactly("config", "layer", "layer");
        assertThat(text("team/app:broken")).contains("missing  ", "it can't be pulled as a whole");

        assertThat(tidemark.collect("-m", "--min-age", "0", registry.root().toString())
                        .exitCode())
                .isZero();
        String swept = run(json(base));
        assertThat(swept).isGreaterThan(dry);
        assertThat(text(orphan))
                .startsWith("deleted: by the run " + swept + ", asked for by " + System.getProperty("user.name"));
        JsonNode deleted = json(untagged);
        assertThat(deleted.path("verdict").asText()).isEqualTo("deleted");
        assertThat(deleted.path("unreferenced").path("since").asText()).isEqualTo(dry);

        RegistryOnDisk.remove(app.tagDirectory("v1"));
        assertThat(tidemark.collect("-m", "--min-age", "0", registry.root().toString())
                        .exitCode())
                .isZero();
        registry.repo("late").tag("v1", registry.repo("late").image("late"));
        assertThat(tidemark.collect("-m", "--min-age", "0", registry.root().toString())
                        .exitCode())
                .isZero();

        JsonNode gone = json("team/app:v1");
        assertThat(gone.path("verdict").asText()).isEqualTo("absent");
        assertThat(gone.path("digest").asText()).isEqualTo(v1);
        assertThat(gone.path("run").path("run").asText()).isEqualTo(swept);
        assertThat(gone.path("image").path("verdict").asText()).isEqualTo("deleted");
        assertThat(what(gone.path("image").path("unreferenced").path("lastKept")))
                .containsExactly("tag", "manifest");
        assertThat(text("team/app:v1"))
                .startsWith("gone: there is no tag team/app:v1 any more")
                .contains("deleted: by the run ");
        assertThat(text(v1.substring(7, 20)))
                .startsWith("deleted: by the run ")
                .contains("Last kept, in the run " + swept);
        assertThat(text(orphan)).startsWith("deleted: by the run " + swept);
        assertThat(json("--run", dry, orphan).path("verdict").asText()).isEqualTo("eligible");

        refused("known in: ", "explain", "--run", run(gone.path("image")), orphan);
        refused("none of the 4 runs knows it; the repository team/app has no tag v7", "explain", "team/app:v7");
        refused("is in ", "explain", "other@" + amd64);
        refused("both are the run", "compare", "latest", "latest");
        refused("there is no run 20200101-000000", "compare", "20200101-000000");
        refused("no id of a run", "explain", "--run", "yesterday", orphan);

        Tidemark.Result compare = tidemark("compare", "latest", dry);
        assertThat(compare.exitCode()).isZero();
        assertThat(compare.out())
                .startsWith("run " + dry + " and run ")
                .contains(
                        "was a dry run", "gone in between", "freed in between by " + swept, "New repositories", "late");
        assertThat(compare.out().lines()).hasSizeLessThan(50);
        JsonNode compared = tidemark("compare", swept, "--format", "json").summary();
        assertThat(compared.path("earlier").path("run").path("run").asText()).isEqualTo(swept);
        assertThat(compared.path("freedByEarlier").path("largest"))
                .extracting(blob -> blob.path("digest").asText())
                .contains(orphan, untagged);
        assertThat(compared.path("goneBetween").path("named"))
                .extracting(manifest -> manifest.path("tag").asText())
                .containsExactly("v1");
        assertThat(compared.path("newRepositories").path("first"))
                .extracting(JsonNode::asText)
                .containsExactly("late");
    }

    private JsonNode json(String... what) {
        return explained(what, "--format", "json").summary();
    }

    private String text(String... what) {
        return explained(what).out();
    }

    private Tidemark.Result explained(String[] what, String... options) {
        var all = new ArrayList<>(List.of("explain"));
        all.addAll(List.of(what));
        all.addAll(List.of(options));
        Tidemark.Result result = tidemark(all.toArray(String[]::new));
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result;
    }

    private void refused(String why, String... arguments) {
        Tidemark.Result result = tidemark(arguments);
        assertThat(result.err()).contains(why).hasLineCount(1);
        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.out()).isEmpty();
    }

    private static String run(JsonNode explanation) {
        return explanation.path("run").path("run").asText();
    }

    private static List<String> what(JsonNode chain) {
        var what = new ArrayList<String>();
        chain.path("steps").forEach(step -> what.add(step.path("what").asText()));
        return what;
    }

    private Tidemark.Result tidemark(String... arguments) {
        return new Tidemark(directory.resolve("home")).type(arguments);
    }
}
