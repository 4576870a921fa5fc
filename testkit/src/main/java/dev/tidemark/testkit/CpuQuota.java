package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives a process a part of one core, and not more: by a control group (version 2 or 1), where this user may make one;
 * elsewhere by a dozen busy processes for each core beside it, which take as much from it.
 */
public final class CpuQuota implements AutoCloseable {

    private static final int PERIOD_US = 100_000;
    private static final Path UNIFIED = Path.of("/sys/fs/cgroup");
    private static final Path VERSION_1 = Path.of("/sys/fs/cgroup/cpu");

    private final Optional<Path> group;
    private final List<Process> busy = new ArrayList<>();

    /**
     * @param percent of one core
     */
    public CpuQuota(int percent) {
        int quota = PERIOD_US * percent / 100;
        String name = "tidemark-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        group = made(UNIFIED.resolve(name), "cpu.max", quota + " " + PERIOD_US)
                .or(() -> made(VERSION_1.resolve(name), "cpu.cfs_quota_us", Integer.toString(quota)));
        if (group.isEmpty()) {
            for (int i = 0; i < 12 * Runtime.getRuntime().availableProcessors(); i++) {
                busy.add(started("sh", "-c", "while :; do :; done"));
            }
        }
    }

    private static Optional<Path> made(Path group, String file, String value) {
        try {
            Files.createDirectory(group);
            if (Files.exists(group.resolve(file))) {
                Files.writeString(group.resolve(file), value);
                return Optional.of(group);
            }
            Files.delete(group);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The command, as it is started under the quota from its first instruction on. */
    public List<String> command(List<String> command) {
        if (group.isEmpty()) {
            return command;
        }
        List<String> all = new ArrayList<>(
                List.of("sh", "-c", "echo $$ > '" + group.get().resolve("cgroup.procs") + "' && exec \"$@\"", "sh"));
        all.addAll(command);
        return all;
    }

    private static Process started(String... command) {
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its processes must have ended. */
    @Override
    public void close() {
        busy.forEach(Process::destroyForcibly);
        group.ifPresent(made -> {
            try {
                Files.delete(made);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
