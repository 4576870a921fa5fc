package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.local.DataDirectory;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user sees it: what it prints, what it returns, what it leaves alone. */
class CollectIT {

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private Tidemark tidemark;
    private String orphan;
    private String untagged;

    @BeforeEach
    void aRegistryWithGarbage() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        var app = registry.repo("team/app");
        for (int i = 0; i < 3; i++) {
            app.tag("v" + i, app.image("v" + i));
        }
        untagged = app.image("untagged");
        app.tag("latest", untagged).tag("latest", app.image("v0"));
        orphan = registry.blob("orphan");
        tidemark = new Tidemark(directory.resolve("home"));
    }

    @Test
    void aDryRunChangesNothing() {
        Map<String, String> before = registry.snapshot();

        Tidemark.Result result = tidemark.collect("--dry-run", "--delete-untagged", "--min-age", "0", root());

        assertThat(result.exitCode()).isZero();
        assertThat(result.manifests()).containsExactly("team/app@" + untagged);
        assertThat(result.layers()).hasSize(3);
        assertThat(result.blobs()).contains(orphan, untagged).hasSize(5);
        assertThat(result.out())
                .contains("dry run: nothing is deleted", "eligible", "Frees the most", "team/app", "Took");
        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void aRunDeletesAndASecondOneFindsNothing() {
        Tidemark.Result first = tidemark.collect("-m", "--min-age", "0", "--format", "json", root());
        Tidemark.Result second = tidemark.collect("-m", "--min-age", "0", "--format", "json", root());

        assertThat(first.exitCode()).isZero();
        assertThat(first.summary().path("state").asText()).isEqualTo("swept");
        assertThat(first.summary()
                        .path("swept")
                        .path("deleted")
                        .path("blob")
                        .path("count")
                        .asInt())
                .isEqualTo(5);
        assertThat(registry.blobs()).doesNotContain(orphan, untagged);
        assertThat(registry.repo("team/app")
                        .directory()
                        .resolve("_manifests/tags/latest/index/sha256")
                        .resolve(RegistryOnDisk.hex(untagged)))
                .doesNotExist();
        assertThat(second.plan()).isEmpty();
        assertThat(second.summary().path("swept").path("deleted").isEmpty()).isTrue();
    }

    @Test
    void youngGarbageIsKept() {
        Tidemark.Result result = tidemark.collect("-m", root());

        assertThat(result.plan()).isEmpty();
        assertThat(result.out()).contains("young blob", "--min-age 24h");
        assertThat(registry.blobs()).contains(orphan, untagged);
    }

    @Test
    void oldGarbageGoesAndAFreshImageStays() {
        registry.age(Duration.ofDays(3));
        String fresh = registry.repo("team/app").image("fresh");

        Tidemark.Result result = tidemark.collect("-m", "--min-age", "2d", root());

        assertThat(result.blobs()).contains(orphan, untagged).doesNotContain(fresh);
        assertThat(registry.blobs()).contains(fresh).doesNotContain(orphan, untagged);
    }

    /** As cron and systemd have it, without the launcher, which sets a better one. */
    @Test
    void straysAreLeftAloneInALocaleThatCannotNameThem() throws IOException {
        List<Path> strays = List.of(
                RegistryOnDisk.nameless(registry.base().resolve("repositories")),
                RegistryOnDisk.nameless(registry.base().resolve("repositories/team/app/_layers/sha256")));
        strays.forEach(stray -> RegistryOnDisk.write(stray, new byte[] {1}));
        Path said = directory.resolve("said");

        Process collect = Processes.java(
                "256m",
                Main.class,
                said,
                Map.of("LC_ALL", "C"),
                "collect",
                "-m",
                "--min-age",
                "0",
                "--max-delete",
                "100",
                "--data-dir",
                directory.resolve("home/data").toString(),
                root());
        Processes.awaitEnd(collect);

        assertThat(collect.exitValue()).as(Files.readString(said)).isZero();
        assertThat(registry.blobs()).doesNotContain(orphan, untagged);
        assertThat(strays).allSatisfy(stray -> assertThat(stray).exists());
    }

    @Test
    void theCircuitBreakerHoldsARunAndSaysWhatToType() {
        Map<String, String> before = registry.snapshot();

        Tidemark.Result held = tidemark.collect("-m", "--min-age", "0", "--max-delete", "10", root());

        assertThat(held.exitCode()).isEqualTo(ExitCode.WAITING);
        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(held.err())
                .containsPattern("tidemark collect --delete-untagged --min-age 0 .*--max-delete \\d+ " + root())
                .hasLineCount(1);
        assertThat(held.blobs()).contains(orphan);

        String[] typed =
                held.err().strip().replaceAll(".*tidemark collect ", "collect ").split(" ");
        Tidemark.Result passed = Tidemark.run(typed);

        assertThat(passed.exitCode()).isZero();
        assertThat(registry.blobs()).doesNotContain(orphan, untagged);
    }

    @Test
    void aDryRunIsNotHeld() {
        assertThat(tidemark.collect("-d", "-m", "--min-age", "0", "--max-delete", "0", root())
                        .exitCode())
                .isZero();
    }

    @Test
    void aQuietCollectPrintsNothing() {
        Tidemark.Result result = tidemark.collect("-q", "-d", "--min-age", "0", root());

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPlanIsWrittenToADeviceAndDoesNotReplaceIt() throws IOException {
        Path device = Files.createSymbolicLink(directory.resolve("device"), Path.of("/dev/null"));

        assertThat(withPlan(device, "-d", "--min-age", "0").exitCode()).isZero();

        assertThat(device).isSymbolicLink();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPlanThatCannotBeWrittenDoesNotHideWhatWasDone() throws IOException {
        Path full = Files.createSymbolicLink(directory.resolve("full"), Path.of("/dev/full"));

        Tidemark.Result held = withPlan(full, "-m", "--min-age", "0", "--max-delete", "10");
        assertThat(held.err())
                .contains(full + " cannot be written: No space left on device", "Nothing was deleted")
                .hasLineCount(2);
        assertThat(held.exitCode()).as("it waits all the same").isEqualTo(ExitCode.WAITING);

        Tidemark.Result swept = withPlan(full, "-m", "--min-age", "0");
        assertThat(swept.out()).contains("deleted", "Took");
        assertThat(swept.err())
                .contains(full + " cannot be written: No space left on device")
                .hasLineCount(1);
        assertThat(swept.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(registry.blobs()).doesNotContain(orphan, untagged);
    }

    private Tidemark.Result withPlan(Path plan, String... options) {
        List<String> all = new ArrayList<>(
                List.of("collect", "--data-dir", directory.resolve("data").toString(), "--plan", plan.toString()));
        all.addAll(List.of(options));
        all.add(root());
        return Tidemark.run(all.toArray(String[]::new));
    }

    @Test
    void theRegistrysOwnConfigurationNamesTheStorage() {
        Path config = RegistryConfigFile.write(directory, registry.root(), 5000);

        assertThat(tidemark.collect("-d", "--min-age", "0", config.toString()).blobs())
                .containsExactly(orphan);
    }

    @Test
    void aDirectoryThatIsNoRegistryIsAUsageErrorInOneLine() throws IOException {
        Path empty = Files.createDirectories(directory.resolve("empty"));
        Path oss = directory.resolve("oss.yml");
        Files.writeString(oss, "version: 0.1\nstorage: {oss: {bucket: images}}\n");
        Path misspelt = directory.resolve("misspelt.yml");
        Files.writeString(misspelt, "version: 0.1\nstorage: {filesystem: {rootdirectroy: " + root() + "}}\n");
        Path broken = directory.resolve("broken.yml");
        Files.writeString(broken, "version: 0.1\nstorage: [\n");

        assertUsageError("does not exist", directory.resolve("nowhere").toString());
        assertUsageError("has no docker/registry/v2", empty.toString());
        assertUsageError("'oss' is not supported: read the same bucket", oss.toString());
        assertUsageError(
                "ignores storage.filesystem.rootdirectroy (did you mean rootdirectory?), and keeps its data in "
                        + "/var/lib/registry, its default",
                misspelt.toString());
        assertUsageError("broken.yml", broken.toString());
        assertUsageError("no duration", "--min-age", "yesterday", root());
        assertUsageError("no percentage", "--max-delete", "101", root());
        assertUsageError(
                "nowhere/plan cannot be written",
                "--plan",
                directory.resolve("nowhere/plan").toString(),
                root());
        assertUsageError(
                "lies in the registry's own storage",
                "--data-dir",
                registry.root().resolve("data").toString(),
                root());
        assertUsageError("there is no option '--frobnicate'", "--frobnicate", root());
        assertUsageError("REGISTRY is missing");
    }

    private void assertUsageError(String message, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "collect";
        System.arraycopy(arguments, 0, all, 1, arguments.length);

        Tidemark.Result result = Tidemark.run(all);

        assertThat(result.err()).contains(message).hasLineCount(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aSecondRunOnTheSameRegistryIsRefused() {
        try (var held = DataDirectory.open(
                Optional.of(directory.resolve("other")), registry.root().toString(), System.getenv())) {
            Tidemark.Result result = tidemark.collect("-d", root());

            assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(result.err()).contains("is under way").hasLineCount(1);
        }
    }

    @Test
    void hostileNamesDoNotReachTheTerminal() {
        registry.repo("evil\u001b[31m\nname").image("x");

        Tidemark.Result result = tidemark.collect("-d", "--min-age", "0", root());

        assertThat(result.out()).doesNotContain("\u001b").contains("evil");
    }

    @Test
    void helpHasOptionsExamplesAndExitCodes() {
        assertThat(Tidemark.run("collect", "--help").out()).contains("--dry-run", "Examples:", "Exit codes");
        assertThat(Tidemark.run("collect", "--help").out().replaceAll("\\s+", " "))
                .contains("collect wants it as an option");
        assertThat(Tidemark.run().out()).contains("collect", "examples/registry");
        assertThat(Tidemark.run("--version").out()).startsWith("tidemark");
    }

    private String root() {
        return registry.root().toString();
    }
}
