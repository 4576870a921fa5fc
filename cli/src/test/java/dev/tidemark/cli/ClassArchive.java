package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.RegistryOnDisk;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An archive of loaded classes (class data sharing), made once in a build by a process that collects a small registry.
 * Each JVM that a test starts takes the classes from it, which saves a quarter of the CPU time of a short one. The
 * launcher's start-up cache is another thing.
 */
final class ClassArchive {

    private static final class OfThisBuild {
        static final ClassArchive ARCHIVE = new ClassArchive(Path.of("target").toAbsolutePath());
    }

    /** Classes are archived of jars only: they come first. No class of a directory has the name of one in a jar. */
    private final String jars = classPath(entry -> !Files.isDirectory(entry));

    private final String directories = classPath(Files::isDirectory);
    private final Path archive;

    private ClassArchive(Path target) {
        archive = target.resolve(
                "test-jvm-%08x.jsa".formatted((System.getProperty("java.vm.version") + jars).hashCode()));
        try (var channel = FileChannel.open(
                        target.resolve("test-jvm.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            if (!upToDate()) {
                make(Files.createTempDirectory(target, "test-jvm-"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first call makes the archive; test JVMs beside this one wait for it. */
    static ClassArchive ofThisBuild() {
        return OfThisBuild.ARCHIVE;
    }

    /** A command line that starts a class of this test's class path. */
    List<String> java(String main) {
        return command("-XX:SharedArchiveFile=" + archive, jars + File.pathSeparator + directories, main);
    }

    private static List<String> command(String ofArchive, String classPath, String main) {
        return new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                ofArchive,
                "-cp",
                classPath,
                main));
    }

    private boolean upToDate() {
        if (!Files.exists(archive)) {
            return false;
        }
        long made = archive.toFile().lastModified();
        return Arrays.stream(jars.split(File.pathSeparator)).allMatch(jar -> new File(jar).lastModified() < made);
    }

    private void make(Path work) throws IOException {
        RegistryOnDisk registry = RegistryOnDisk.at(work.resolve("registry"));
        var app = registry.repo("team/app");
        app.tag("latest", app.image("kept"));
        app.image("untagged");
        Path made = work.resolve("archive");
        List<String> command = command("-XX:ArchiveClassesAtExit=" + made, jars, Main.class.getName());
        command.addAll(List.of(
                "collect",
                "--delete-untagged",
                "--min-age",
                "0",
                "--max-delete",
                "100",
                "--data-dir",
                work.resolve("data").toString(),
                registry.root().toString()));
        Path output = work.resolve("output");
        Process process = Processes.endedWithThis(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start());
        Processes.awaitEnd(process);
        assertThat(process.exitValue()).as(Processes.tail(output)).isZero();
        assertThat(made).as(Processes.tail(output)).exists();
        Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
        RegistryOnDisk.remove(work);
    }

    private static String classPath(Predicate<Path> which) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> which.test(Path.of(entry)))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
