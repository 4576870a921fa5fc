package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topics know the whole life of what was swept into the trash, whoever brought it back or purged it. */
class TrashRecordsIT {

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private RepositoryOnDisk app;
    private Tidemark tidemark;
    private String user;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("team/app");
        app.tag("latest", app.image("latest"));
        tidemark = new Tidemark(directory.resolve("home"));
        user = System.getProperty("user.name");
    }

    @Test
    void anUndoIsRecordedWithWhoAskedForItAndTheManifestsAreHeld() {
        String image = app.image("garbage");
        Map<String, String> before = registry.snapshot();
        String run = sweep();
        JsonNode inTrash = explain(image);
        assertThat(inTrash.path("verdict").asText()).isEqualTo("deleted");
        assertThat(inTrash.path("fate").path("trash").path("until").asText()).isNotEmpty();
        assertThat(inTrash.path("fate").path("trash").has("out")).isFalse();

        Tidemark.Result undone = Tidemark.run("undo", "--data-dir", data(), run, root());

        assertThat(undone.exitCode()).as(undone.err()).isZero();
        assertThat(undone.err()).isEmpty();
        assertThat(undone.out()).contains("1 manifest held until ");
        assertThat(registry.snapshot()).isEqualTo(before);
        JsonNode back = explain(image);
        assertThat(back.path("verdict").asText()).isEqualTo("restored");
        assertThat(back.path("fate").path("trash").path("why").asText()).isEqualTo("its run is undone");
        assertThat(back.path("fate").path("trash").path("by").asText())
                .startsWith(user)
                .endsWith(" (tidemark undo)");
        assertThat(Tidemark.run("explain", "--data-dir", data(), image).out())
                .contains("swept it into the trash at ", "put back at ", "(tidemark undo)");
        assertThat(audit().out()).contains("  proved", "8 files put back from the trash, 0 purged");
        assertThat(report().path("trash").path("runs").asInt()).isZero();
        assertThat(report().path("holds").path("listed").path(0).path("of").asText())
                .isEqualTo("team/app@" + image);
    }

    @Test
    void aPurgeBeforeItsTimeIsRecordedAndTheAuditSaysSo() {
        String image = app.image("garbage");
        String run = sweep();
        JsonNode full = report().path("trash");
        assertThat(full.path("files").path("count").asInt()).isEqualTo(8);
        assertThat(full.path("listed").path(0).path("run").asText()).isEqualTo(run);
        assertThat(full.path("listed")
                        .path(0)
                        .path("largest")
                        .path(0)
                        .path("repository")
                        .asText())
                .isEqualTo("team/app");
        assertThat(audit().out()).doesNotContain("on the word of");
        assertThat(Tidemark.run("trash", "list", "--by-repository", "--format", "json", root())
                        .summary())
                .extracting(
                        part -> part.path("repository").asText(),
                        part -> part.path("files").asInt())
                .containsExactly(tuple("", 4), tuple("team/app", 4));
        assertThat(Tidemark.run("trash", "list", "--by-repository", root()).out())
                .containsPattern(run + " +\\(blobs\\) +4 ")
                .containsPattern(run + " +team/app +4 ");

        Tidemark.Result emptied = Tidemark.run("trash", "empty", "--settle", "0", "--data-dir", data(), root());

        assertThat(emptied.exitCode()).as(emptied.err()).isZero();
        assertThat(emptied.err()).isEmpty();
        JsonNode gone = explain(image).path("fate").path("trash");
        assertThat(gone.path("out").asText()).isEqualTo("purged");
        assertThat(gone.path("by").asText()).endsWith(" (tidemark trash empty)");
        assertThat(Tidemark.run("explain", "--data-dir", data(), image).out())
                .contains("purged from it at ", "(tidemark trash empty)");
        assertThat(audit().exitCode()).isZero();
        assertThat(audit().out())
                .contains(
                        "0 files put back from the trash, 8 purged",
                        "8 files of the trash did not have to be there for as long as the sweep had asked for");
        assertThat(report().path("trash").path("runs").asInt()).isZero();
    }

    @Test
    void aPurgeInItsTimeIsProved() {
        app.image("garbage");
        Tidemark.Result swept = collect("0");

        assertThat(swept.summary().path("trash").path("purged").path("count").asInt())
                .isEqualTo(8);
        assertThat(audit().out()).contains("  proved", "0 files put back from the trash, 8 purged");
    }

    @Test
    void withoutTopicsTheCommandsDoTheirWorkAndSayThatThereIsNoRecord() throws IOException {
        app.image("garbage");
        Map<String, String> before = registry.snapshot();
        String run = sweep();
        String elsewhere = directory.resolve("elsewhere").toString();

        Tidemark.Result undone = Tidemark.run("undo", "--data-dir", elsewhere, run, root());

        assertThat(undone.exitCode()).isZero();
        assertThat(undone.err()).containsOnlyOnce("\n").contains("no record was made but in " + elsewhere);
        assertThat(undone.out()).contains("Not held.");
        assertThat(registry.snapshot()).isEqualTo(before);

        sweep();
        Tidemark.Result emptied = Tidemark.run("trash", "empty", "--settle", "0", "--data-dir", elsewhere, root());

        assertThat(emptied.exitCode()).isZero();
        assertThat(emptied.err()).containsOnlyOnce("\n").contains("no record was made but in " + elsewhere);
        assertThat(Files.readString(Path.of(elsewhere, "tidemark.log"))).contains(" purged blobs/sha256/");
    }

    /** The registry's cache has to be told of what is destroyed, and not of what comes back. */
    @Test
    void anUndoNeedsNothingOfTheRegistrysCache() throws IOException {
        app.image("garbage");
        Map<String, String> before = registry.snapshot();
        String run = sweep();
        String config = Files.writeString(directory.resolve("config.yml"), """
                version: 0.1
                storage:
                  cache: {blobdescriptor: redis}
                  filesystem: {rootdirectory: %s}
                redis: away
                """.formatted(root()))
                .toString();

        Tidemark.Result emptied = Tidemark.run("trash", "empty", "--settle", "0", "--data-dir", data(), config);
        Tidemark.Result undone = Tidemark.run("undo", "--data-dir", data(), run, config);

        assertThat(emptied.exitCode()).isNotZero();
        assertThat(emptied.err()).contains("redis must be a map of parameters");
        assertThat(undone.exitCode()).as(undone.err()).isZero();
        assertThat(registry.snapshot()).isEqualTo(before);
    }

    /** A full disk, or a Kafka that is broken: what has to be done is done all the same. */
    @Test
    void aKafkaThatCanNotStartIsNoObstacleToEmptyingTheTrash() throws IOException {
        app.image("garbage");
        sweep();
        Path broken = Files.createDirectories(directory.resolve("broken/kafka"));
        Files.writeString(broken.resolve("meta.properties"), "this is no broker's");

        Tidemark.Result emptied = Tidemark.run(
                "trash",
                "empty",
                "--settle",
                "0",
                "--data-dir",
                broken.getParent().toString(),
                root());

        assertThat(emptied.exitCode()).as(emptied.err()).isZero();
        assertThat(emptied.err()).contains("no record was made but in " + broken.getParent());
        assertThat(registry.root().resolve("tidemark")).doesNotExist();
    }

    /** Sweeps what no tag names into the trash, for a day. Returns the run. */
    private String sweep() {
        return collect("1d").summary().path("run").asText();
    }

    private Tidemark.Result collect(String keep) {
        Tidemark.Result swept = tidemark.collect(
                "-m", "--min-age", "0", "--max-delete", "100", "--keep-trash", keep, "--format", "json", config());
        assertThat(swept.exitCode()).as(swept.err()).isZero();
        return swept;
    }

    /** Of a registry without a cache: beside one that remembers in memory the trash is kept for a day. */
    private String config() {
        try {
            return Files.writeString(
                            directory.resolve("config.yml"),
                            "version: 0.1\nstorage: {filesystem: {rootdirectory: %s}}\n".formatted(root()))
                    .toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private JsonNode explain(String digest) {
        return Tidemark.run("explain", "--data-dir", data(), "--format", "json", digest)
                .summary();
    }

    private Tidemark.Result audit() {
        return Tidemark.run("audit", "--data-dir", data());
    }

    private JsonNode report() {
        return Tidemark.run("report", "--data-dir", data(), "--format", "json").summary();
    }

    private String data() {
        return directory.resolve("home/data").toString();
    }

    private String root() {
        return registry.root().toString();
    }
}
