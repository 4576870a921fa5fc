package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Main;
import dev.tidemark.cli.Processes;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** {@code tidemark collect} as a process of its own, on a registry with garbage. */
record CollectProcess(Process process, Path home, RegistryOnDisk registry) {

    /** What it is told but for the registry: collect all that is garbage, now. */
    static final List<String> OPTIONS = List.of("--delete-untagged", "--min-age", "0", "--max-delete", "100");

    static CollectProcess start(RegistryOnDisk registry, Path home, String... options) {
        return start(registry, home, command -> command, options);
    }

    static CollectProcess start(
            RegistryOnDisk registry, Path home, UnaryOperator<List<String>> under, String... options) {
        List<String> command = Processes.javaCommand(Main.class.getName());
        command.add("collect");
        command.addAll(OPTIONS);
        command.addAll(List.of(
                "--data-dir", home.resolve("data").toString(), registry.root().toString()));
        command.addAll(List.of(options));
        try {
            Files.createDirectories(home);
            Process process = Processes.endedWithThis(new ProcessBuilder(under.apply(command))
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("output").toFile())
                    .start());
            return new CollectProcess(process, home, registry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a moment; a process that is through before it came is as good. */
    void await(String what, BooleanSupplier moment) {
        Processes.await(what, () -> !process.isAlive() || moment.getAsBoolean());
    }

    void awaitLogged(String text) {
        await("its log says " + text, () -> log().contains(text));
    }

    void awaitEnd(long minutes) throws InterruptedException {
        assertThat(process.waitFor(minutes, TimeUnit.MINUTES))
                .as("it ends, " + output())
                .isTrue();
    }

    String log() {
        return text(home.resolve("data/tidemark.log"));
    }

    String output() {
        return text(home.resolve("output"));
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long blobDirectories() {
        return blobDirectories(registry);
    }

    /** Counted so that it may shrink under the eyes. */
    static long blobDirectories(RegistryOnDisk registry) {
        Path blobs = registry.base().resolve("blobs/sha256");
        return Stream.of(Objects.requireNonNullElse(blobs.toFile().list(), new String[0]))
                .map(shard -> blobs.resolve(shard).toFile().list())
                .filter(Objects::nonNull)
                .mapToLong(names -> names.length)
                .sum();
    }
}
