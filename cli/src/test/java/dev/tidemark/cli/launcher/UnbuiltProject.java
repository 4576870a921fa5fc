package dev.tidemark.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Processes;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A project with the launcher, that is not built yet, on a system with a Maven and JDKs that only write down what they
 * are told.
 */
final class UnbuiltProject implements AutoCloseable {

    private final Path directory;
    private final Path bin;
    private final Path launcher;
    private final AtomicInteger outputs = new AtomicInteger();

    UnbuiltProject(Path directory) {
        this.directory = directory;
        try {
            bin = Files.createDirectory(directory.resolve("bin"));
            FakePrograms.install(bin);
            write("maven-output", FakePrograms.MAVEN_OUTPUT);
            jdk("jvm/jdk-25", "25.0.1");
            String script = Files.readString(Path.of("../tidemark"));
            assertThat(script).contains(" /usr/lib/jvm/* /opt/java/* ");
            launcher = FakePrograms.executable(
                    directory.resolve("tidemark"),
                    script.replace(" /usr/lib/jvm/* /opt/java/* ", " " + directory + "/jvm/* "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The shells that are there, of those that the launcher is for. */
    static List<List<String>> shells() {
        return Stream.of(List.of("dash"), List.of("busybox", "sh"), List.of("bash"))
                .filter(shell -> tool(shell.getFirst()).isPresent())
                .map(shell -> Stream.concat(
                                tool(shell.getFirst()).map(Path::toString).stream(),
                                shell.stream().skip(1))
                        .toList())
                .toList();
    }

    /** A program of this machine. */
    static Optional<Path> tool(String name) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(entry -> Path.of(entry, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Path resolve(String name) {
        return directory.resolve(name);
    }

    Path launcher() {
        return launcher;
    }

    /** Takes a program from the system. */
    void lacks(String tool) throws IOException {
        Files.delete(bin.resolve(tool));
    }

    void maven(String script) throws IOException {
        FakePrograms.executable(bin.resolve("mvn"), script);
    }

    Path jdk(String name, String version) throws IOException {
        return FakePrograms.jdk(directory.resolve(name), version);
    }

    /** A file that one of the programs looks for. */
    Path write(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    void built() throws IOException {
        Files.createDirectories(directory.resolve("cli/target/tidemark/lib"));
        write("cli/target/tidemark/lib/tidemark.jar", "");
        write("cli/target/tidemark/complete", "");
    }

    Path log() {
        return directory.resolve("cli/target/build.log");
    }

    List<String> mavenCalls() {
        return lines("maven-calls");
    }

    /** The program, and what it was told, one by one. */
    List<String> javaArguments() {
        return lines("java-arguments");
    }

    List<String> javaEnvironment() {
        return lines("java-environment");
    }

    /** The processes that have made a start-up cache, or tried. */
    List<String> learners() {
        return lines("learners");
    }

    private List<String> lines(String name) {
        Path file = directory.resolve(name);
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path cache() {
        return directory.resolve("cli/target/tidemark/cache");
    }

    /** Runs the launcher to its end. */
    Call run(List<String> shell, Map<String, String> environment, String... arguments) throws IOException {
        Call call = start(shell, environment, arguments);
        call.exitCode();
        return call;
    }

    /** Starts the launcher. */
    Call start(List<String> shell, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(shell);
        command.add(launcher.toString());
        command.addAll(List.of(arguments));
        return execute(command, environment);
    }

    /** Starts another command, on the same system. */
    Call execute(List<String> command, Map<String, String> environment) throws IOException {
        Path output = directory.resolve("output-" + outputs.incrementAndGet());
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH",
                        bin.toString(),
                        "HOME",
                        directory.resolve("home").toString(),
                        "PROJECT",
                        directory.toString()));
        builder.environment().putAll(environment);
        return new Call(builder.start(), output);
    }

    /** A shell that leads a session of its own, and does what is typed until it is left. */
    Session session(List<String> shell) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(tool("setsid").orElseThrow().toString()));
        command.addAll(shell);
        command.addAll(List.of("-c", "while read -r line; do eval \"$line\"; echo done; done"));
        return new Session(execute(command, Map.of()));
    }

    /**
     * The processes that stay behind when the launcher has become a Java: the shells that wait to make a start-up
     * cache, or make it.
     */
    List<ProcessHandle> behind() {
        return processes()
                .filter(process -> process.info().commandLine().orElse("").contains(launcher.toString()))
                .toList();
    }

    private Stream<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(directory.toString()));
    }

    @Override
    public void close() {
        processes().forEach(ProcessHandle::destroyForcibly);
        Processes.await("all have ended", () -> processes().findAny().isEmpty());
    }

    /** A command that was started, with what it prints to either stream. */
    record Call(Process process, Path file) {

        String output() {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        List<String> lines() {
            return output().lines().toList();
        }

        /** Waits for its end. */
        int exitCode() {
            Processes.awaitEnd(process);
            return process.exitValue();
        }
    }

    /** See {@link #session}. */
    record Session(Call shell) {

        /** Types a line, and waits until it is done. */
        void type(String line) throws IOException {
            long before = done();
            shell.process().getOutputStream().write((line + "\n").getBytes());
            shell.process().getOutputStream().flush();
            Processes.await(line, () -> done() > before);
        }

        private long done() {
            return shell.lines().stream().filter("done"::equals).count();
        }

        void leave() throws IOException {
            shell.process().getOutputStream().close();
            shell.exitCode();
        }
    }
}
