package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Images whose layer links are gone while the blobs are there: what a collection says, and what it writes again. */
class MissingLinksIT extends BrokenImages {

    @Test
    void theRealRegistryServesAnImageAgainWhoseLinksWereGone() throws Exception {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        Files.createDirectories(root);
        try (var registry = DockerRegistry.serve(directory, root)) {
            registry.pushImage("team/app", "latest", "config", "layer", "other layer");
            RepositoryOnDisk app = RegistryOnDisk.at(root).repo("team/app");
            String layer = digest("layer");
            String config = digest("config");
            RegistryOnDisk.remove(app.layerPath(layer));
            RegistryOnDisk.remove(app.layerPath(config));
            assertThat(registry.blob("team/app", layer)).isEmpty();
            Map<String, String> before = RegistryOnDisk.at(root).snapshot();

            Tidemark.Result said = collectAsJson();

            assertThat(said.exitCode()).as(said.err()).isZero();
            assertThat(said.summary().path("unlinked").path("links").asInt()).isEqualTo(2);
            assertThat(said.summary().path("unlinked").path("images").findValuesAsText("blob"))
                    .containsExactlyInAnyOrder(layer, config);
            assertThat(repaired(said)).isZero();
            assertThat(RegistryOnDisk.at(root).snapshot()).isEqualTo(before);

            assertThat(repaired(collectAsJson("--dry-run", "--repair"))).isZero();
            assertThat(RegistryOnDisk.at(root).snapshot()).isEqualTo(before);

            Tidemark.Result repaired = collectAsJson("--repair");

            assertThat(repaired.exitCode()).as(repaired.err()).isZero();
            assertThat(repaired(repaired)).isEqualTo(2);
            assertThat(registry.blob("team/app", layer)).hasValue("layer".getBytes(StandardCharsets.UTF_8));
            assertThat(registry.blob("team/app", config)).hasValue("config".getBytes(StandardCharsets.UTF_8));
            assertThat(Files.readString(app.layerPath(layer))).isEqualTo(layer);
            assertThat(collectAsJson().summary().has("unlinked")).isFalse();
            assertThat(tidemark.type("audit").out()).contains("proved");
        }
    }

    /**
     * A registry that remembers the link takes the manifest again, and does not write the link. The trash has nothing
     * of it any more.
     */
    @Test
    void aLinkThatAnEarlierSweepHasDeletedIsWrittenAgainUnasked() throws Exception {
        RegistryOnDisk registry = RegistryOnDisk.at(root);
        RepositoryOnDisk app = registry.repo("team/app");
        RepositoryOnDisk other = registry.repo("team/other");
        String config = app.layer("config");
        String shared = app.layer("shared");
        String lost = app.layer("lost by somebody else");
        other.layerLink(shared)
                .layerLink(lost)
                .tag("v1", other.image(RegistryOnDisk.DOCKER_IMAGE, shared, shared, lost));
        app.tag("kept", app.image("kept"));
        String image = app.image(RegistryOnDisk.DOCKER_IMAGE, config, shared);
        Tidemark.Result swept = collectAsJson("--keep-trash", "0");
        assertThat(swept.layers()).contains("team/app@" + shared);
        assertThat(app.layerPath(shared)).doesNotExist();
        assertThat(root.resolve("tidemark/trash/" + swept.summary().path("run").asText()))
                .doesNotExist();

        app.layer("config");
        assertThat(app.image(RegistryOnDisk.DOCKER_IMAGE, config, shared)).isEqualTo(image);
        app.tag("again", image);
        RegistryOnDisk.remove(other.layerPath(lost));
        Tidemark.Result repaired = collectAsJson();

        assertThat(repaired.exitCode()).as(repaired.err()).isZero();
        assertThat(repaired.summary().path("unlinked").path("links").asInt()).isEqualTo(2);
        assertThat(repaired(repaired)).isEqualTo(1);
        assertThat(app.layerPath(shared)).hasContent(shared);
        assertThat(other.layerPath(lost)).doesNotExist();
    }

    /** A child that was deleted through the API is no layer: its owner wanted it so. */
    @Test
    void aManifestThatAnIndexNamesAndTheRepositoryHoldsNoMoreIsLeftAlone() throws Exception {
        RegistryOnDisk registry = RegistryOnDisk.at(root);
        RepositoryOnDisk app = registry.repo("team/app");
        String child = app.image("child");
        app.tag("multi", app.index(child, app.image("other child")));
        RegistryOnDisk.remove(app.revision(child));

        Tidemark.Result result = collectAsJson("--repair");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.summary().has("unlinked")).isFalse();
        assertThat(app.layerPath(child)).doesNotExist();
    }

    private static int repaired(Tidemark.Result result) {
        JsonNode unlinked = result.summary().path("unlinked");
        assertThat(unlinked.path("failed").isEmpty()).isTrue();
        return unlinked.path("repaired").asInt();
    }
}
