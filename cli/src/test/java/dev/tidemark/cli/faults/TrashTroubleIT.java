package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.cli.Processes;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trash that has no room, can't be written, or isn't there any more: a line says so, and nothing is lost. */
class TrashTroubleIT {

    @TempDir
    private Path directory;

    private final List<Path> mounts = new ArrayList<>();

    @AfterEach
    void unmount() throws Exception {
        for (Path mount : mounts.reversed()) {
            assertThat(ended("umount", mount.toString())).isZero();
        }
    }

    @Test
    void aDiskThatIsFullInMidSweepLosesNothing() throws Exception {
        Path disk = Files.createDirectories(directory.resolve("disk"));
        mount(disk, "-t", "tmpfs", "-o", "nr_inodes=20000", "tmpfs");
        RegistryOnDisk registry = FaultRegistry.make(disk.resolve("registry"));
        Map<String, String> before = TrashedFiles.inPlace(registry);
        // The trash of the run can be made, and not all of its directories.
        List<Path> ballast = fill(disk, 8);

        Tidemark.Result result = collect(registry, "--keep-trash", "24h");

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("swept with failures").containsOnlyOnce("\n");
        assertThat(result.out()).contains("failed: it can't be moved to the trash");
        assertThat(TrashedFiles.everywhere(registry)).isEqualTo(before);

        for (Path file : ballast) {
            Files.delete(file);
        }
        assertThat(collect(registry).exitCode()).isZero();
        assertThat(registry.snapshot()).isEqualTo(UndisturbedRun.get().leaves());
    }

    /** Takes a disk's inodes but for some: a file in the trash needs no block, but directories above it. */
    private static List<Path> fill(Path disk, int butFor) throws IOException {
        List<Path> ballast = new ArrayList<>();
        try {
            while (true) {
                Path file = disk.resolve("ballast-" + ballast.size());
                Files.createFile(file);
                ballast.add(file);
            }
        } catch (FileSystemException full) {
            for (int i = 0; i < butFor; i++) {
                Files.delete(ballast.removeLast());
            }
        }
        return ballast;
    }

    @Test
    void aTrashThatIsMountedReadOnlyStopsTheRunBeforeAnythingIsMoved() throws Exception {
        RegistryOnDisk registry = FaultRegistry.make(directory.resolve("registry"), 5);
        Path trash = Files.createDirectories(registry.root().resolve("tidemark"));
        mount(trash, "-t", "tmpfs", "-o", "ro", "tmpfs");
        Map<String, String> before = registry.snapshot();

        Tidemark.Result result = collect(registry);

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("Read-only file system").containsOnlyOnce("\n");
        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void aTrashThatCannotBeMadeStopsTheRunBeforeAnythingIsMoved() throws IOException {
        RegistryOnDisk registry = FaultRegistry.make(directory.resolve("registry"), 5);
        Path trash = Files.createFile(registry.root().resolve("tidemark"));
        Map<String, String> before = registry.snapshot();

        Tidemark.Result result = collect(registry);

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("the trash " + trash, "can't be made").containsOnlyOnce("\n");
        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void aTrashThatIsEmptiedByHandBeforeTheFinalLookCostsNothingElse() {
        RegistryOnDisk registry = FaultRegistry.make(directory.resolve("registry"));
        Path trash = registry.root().resolve("tidemark/trash");
        CompletableFuture<Void> hand = CompletableFuture.runAsync(() -> {
            awaitSwept(registry);
            RegistryOnDisk.remove(trash);
        });

        // A machine that is busy may be late with the hand.
        Tidemark.Result result = collect(registry, "--settle", "30s");

        hand.join();
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(registry.snapshot()).isEqualTo(UndisturbedRun.get().leaves());
    }

    @Test
    void aFileThatTwoRunsHaveInTheTrashComesBackFromEither() {
        RegistryOnDisk registry = FaultRegistry.make(directory.resolve("registry"), 5);
        Map<String, String> before = registry.snapshot();
        String first = swept(registry);
        FaultRegistry.make(registry.root(), 5);
        assertThat(registry.snapshot()).isEqualTo(before);
        String second = swept(registry);
        assertThat(TrashedFiles.inTrash(registry)).isNotEmpty();

        assertThat(undo(first, registry).exitCode()).isZero();
        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(undo(second, registry).exitCode()).isZero();
        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(Tidemark.run(
                                "trash",
                                "empty",
                                "--settle",
                                "0",
                                registry.root().toString())
                        .exitCode())
                .isZero();
        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    @Tag("soak")
    void anUndoOfTenThousandDeletionsGivesBackEveryByte() {
        RegistryOnDisk registry = FaultRegistry.make(directory.resolve("registry"), 1_700);
        Map<String, String> before = registry.snapshot();
        Tidemark.Result swept = collect(registry, "--keep-trash", "24h", "--format", "json");
        assertThat(swept.exitCode()).as(swept.err()).isZero();
        assertThat(swept.plan().size()).isGreaterThan(10_000);
        assertThat(registry.snapshot()).isNotEqualTo(before);

        long began = System.nanoTime();
        long cpu = cpu();
        Tidemark.Result undone = undo(swept.summary().path("run").asText(), registry);

        assertThat(undone.exitCode()).as(undone.err()).isZero();
        System.out.printf(
                "%d deletions undone in %.1f s, %.1f s of CPU time%n",
                swept.plan().size(), (System.nanoTime() - began) / 1e9, (cpu() - cpu) / 1e9);
        assertThat(registry.snapshot()).isEqualTo(before);
    }

    /** Of this JVM, in ns. */
    private static long cpu() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
    }

    /** Blobs go last. */
    private static void awaitSwept(RegistryOnDisk registry) {
        long live = UndisturbedRun.get().leaves().keySet().stream()
                .filter(path -> path.endsWith("/data"))
                .count();
        Processes.await("all is swept", () -> CollectProcess.blobDirectories(registry) == live);
    }

    private String swept(RegistryOnDisk registry) {
        Tidemark.Result result = collect(registry, "--keep-trash", "24h", "--format", "json");
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.summary().path("run").asText();
    }

    private static Tidemark.Result undo(String run, RegistryOnDisk registry) {
        return Tidemark.run("undo", run, registry.root().toString());
    }

    private Tidemark.Result collect(RegistryOnDisk registry, String... options) {
        List<String> all = new ArrayList<>(List.of("-m", "--min-age", "0", "--max-delete", "100"));
        if (!List.of(options).contains("--settle")) {
            all.addAll(List.of("--settle", "0"));
        }
        all.addAll(List.of(options));
        all.add(registry.root().toString());
        return new Tidemark(directory.resolve("home")).collect(all.toArray(String[]::new));
    }

    private void mount(Path at, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(options));
        command.add(at.toString());
        assumeTrue(ended(command.toArray(String[]::new)) == 0, "nothing can be mounted here: skipped");
        mounts.add(at);
    }

    private static int ended(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
