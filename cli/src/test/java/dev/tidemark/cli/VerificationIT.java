package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a sweep it is said whether live manifests lack anything because of it. */
class VerificationIT {

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private RepositoryOnDisk app;
    private String config;
    private String layer;
    private Tidemark tidemark;

    @BeforeEach
    void aRegistryWithAnUntaggedImage() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("team/app");
        app.tag("kept", app.image("kept"));
        registry.repo("team/other").image("kept");
        app.tag("broken", app.image(RegistryOnDisk.DOCKER_IMAGE, app.layer("config of kept"), missing()));
        config = app.layer("config");
        layer = app.layer("layer");
        app.image(RegistryOnDisk.DOCKER_IMAGE, config, layer);
        tidemark = new Tidemark(directory.resolve("home"));
    }

    private String missing() {
        return RegistryOnDisk.sha256(new byte[] {1});
    }

    @Test
    void aSweepThatTakesNothingThatIsNeededIsSaidToBeClean() {
        Tidemark.Result result = collect("0");

        assertThat(result.exitCode()).as(result.err()).isZero();
        JsonNode verified = result.summary().path("verified");
        assertThat(verified.path("manifests").asInt()).isEqualTo(3);
        assertThat(verified.path("missing").asInt()).isZero();
        assertThat(verified.path("before").asInt()).isEqualTo(1);
        assertThat(words(tidemark.type("show")))
                .contains("3 live manifests verified: 0 files missing because of this run, 1 blob before it");
        assertThat(collect("0").summary().has("verified")).isFalse();
    }

    @Test
    void aFileThatAPushNeedsAndTheTrashHasLostFailsTheCommand() throws Exception {
        CompletableFuture<Tidemark.Result> collecting = CompletableFuture.supplyAsync(() -> collect("10s"));
        Path trash = registry.root().resolve("tidemark/trash");
        List<Path> swept = new ArrayList<>();
        Processes.await(
                "the layer is swept",
                () -> collecting.isDone() || swept.addAll(inTrash(trash, RegistryOnDisk.hex(layer) + ".data")));
        assertThat(collecting).isNotDone();

        // The registry remembers the blobs, and takes the manifest.
        String image = app.image(RegistryOnDisk.DOCKER_IMAGE, config, layer);
        app.tag("again", image);
        RegistryOnDisk.remove(swept.getFirst());
        Tidemark.Result result = collecting.get();

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("the run has deleted 1 file that live manifests need", "tidemark undo");
        JsonNode verified = result.summary().path("verified");
        assertThat(verified.path("missing").asInt()).isEqualTo(1);
        assertThat(verified.path("lost").get(0).path("digest").asText()).isEqualTo(layer);
        assertThat(app.layerPath(layer)).exists();
        assertThat(registry.data(config)).exists();
        assertThat(words(tidemark.type("show")))
                .contains("1 file missing because of this run", "team/app lacks the blob");
        Tidemark.Result audit = tidemark.type("audit");
        assertThat(audit.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(words(audit)).contains("1 file that live manifests need had been deleted by it");
    }

    private static List<Path> inTrash(Path trash, String name) {
        if (!Files.isDirectory(trash)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(trash)) {
            return files.filter(file -> file.endsWith(name)).toList();
        } catch (IOException | UncheckedIOException e) {
            // Files come and go there.
            return List.of();
        }
    }

    private Tidemark.Result collect(String settle) {
        return tidemark.collect(
                "-m",
                "--min-age",
                "0",
                "--settle",
                settle,
                "--max-delete",
                "100",
                "--format",
                "json",
                registry.root().toString());
    }

    private static String words(Tidemark.Result result) {
        return result.out().replaceAll("\\s+", " ");
    }
}
