package dev.tidemark.bench.collector;

import dev.tidemark.bench.output.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a command under GNU time: what the kernel accounts for a process and its children can't be had from Java. */
public final class TimedProcess {

    private static final Path TIME = Path.of("/usr/bin/time");

    private final Path directory;
    private volatile Process current;

    /**
     * @param directory for what the commands print
     */
    public TimedProcess(Path directory) {
        this.directory = directory;
        if (!Files.isExecutable(TIME)) {
            throw new BenchException(TIME + " is missing. Install GNU time (Debian's package is called time).");
        }
    }

    /** The standard output of the last command. */
    public Path output() {
        return directory.resolve("stdout");
    }

    /** Runs a command to its end, which must be a good one. */
    Measurement run(List<String> command, Map<String, String> environment) {
        Path times = directory.resolve("times");
        Path errors = directory.resolve("stderr");
        try {
            var builder = new ProcessBuilder(timed(command, times))
                    .redirectOutput(output().toFile())
                    .redirectError(errors.toFile());
            builder.environment().putAll(environment);
            int status = waitFor(builder.start());
            if (status != 0) {
                throw new BenchException(String.join(" ", command) + " ended with " + status + ": " + lastLine(errors));
            }
            return measurement(times);
        } catch (IOException e) {
            throw new BenchException("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
        }
    }

    /** The command, so that what it takes is written to a file when it ends. */
    static List<String> timed(List<String> command, Path times) {
        List<String> timed = new ArrayList<>(List.of(TIME.toString(), "-f", "%e %U %S %M", "-o", times.toString()));
        timed.addAll(command);
        return timed;
    }

    /** Reads the time and memory that a command took, as GNU time wrote them. */
    static Measurement measurement(Path times) {
        String[] figures = lastLine(times).split(" ");
        return new Measurement(
                Double.parseDouble(figures[0]),
                Double.parseDouble(figures[1]) + Double.parseDouble(figures[2]),
                Long.parseLong(figures[3]),
                Map.of());
    }

    /** If this process is told to end, so is the command. */
    private int waitFor(Process process) {
        current = process;
        Thread end = new Thread(this::end);
        Runtime.getRuntime().addShutdownHook(end);
        try {
            int status = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(end);
            current = null;
            return status;
        } catch (InterruptedException e) {
            throw BenchException.interrupted(e);
        } catch (IllegalStateException ending) {
            throw new BenchException("interrupted", ending);
        }
    }

    /** Ends the command that is under way, if one is. */
    public void end() {
        Process process = current;
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    static String lastLine(Path file) {
        try {
            List<String> lines = Files.readString(file)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return lines.isEmpty() ? "it says nothing" : lines.getLast();
        } catch (IOException e) {
            throw new BenchException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
