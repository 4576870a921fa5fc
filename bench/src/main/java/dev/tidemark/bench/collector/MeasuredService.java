package dev.tidemark.bench.collector;

import dev.tidemark.bench.output.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A service as users run it, under GNU time, until it is told to end. */
public record MeasuredService(String name, Process process, Path log, Path times, Path collections) {

    /** As the JVM logs a collection of garbage: GC(3) Pause Full (Ergonomics) 212M->98M(247M) 140.2ms. */
    private static final Pattern COLLECTION = Pattern.compile("Pause (\\w+).* (\\d+)M->(\\d+)M\\(\\d+M\\) ([\\d.]+)ms");

    /**
     * Starts it; what it logs is in the directory.
     *
     * @param options for its JVM
     */
    public static MeasuredService start(
            Path launcher, String name, Path directory, Map<String, String> environment, String options) {
        Path log = directory.resolve(name + ".log");
        Path times = directory.resolve(name + ".times");
        Path collections = directory.resolve(name + ".gc");
        try {
            var builder = new ProcessBuilder(TimedProcess.timed(List.of(launcher.toString(), name), times))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            builder.environment()
                    .put(
                            "TIDEMARK_JAVA_OPTS",
                            options + " -XX:+ExitOnOutOfMemoryError -Xlog:gc:file=" + collections + "::filecount=0");
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
            return new MeasuredService(name, process, log, times, collections);
        } catch (IOException e) {
            throw new BenchException("cannot start the " + name + ": " + e.getMessage(), e);
        }
    }

    public void requireAlive() {
        if (!process.isAlive()) {
            throw new BenchException("the " + name + " has ended by itself: " + TimedProcess.lastLine(log));
        }
    }

    /** Ends it as its users do, and says what it took. */
    public Measurement stop() {
        end(process);
        process.onExit().join();
        return TimedProcess.measurement(times);
    }

    /** The heap of the ended service, by its log of garbage collections. */
    public Heap heap() {
        try (Stream<String> lines = Files.lines(collections)) {
            return lines.map(COLLECTION::matcher)
                    .filter(Matcher::find)
                    .reduce(Heap.NONE, Heap::after, (one, other) -> one);
        } catch (IOException e) {
            throw new BenchException("cannot read " + collections + ": " + e.getMessage(), e);
        }
    }

    /**
     * A heap, as its collections of garbage saw it.
     *
     * @param most MB that were in use before one
     * @param live MB that were left by a full one, at most; 0 if there was none
     * @param seconds that they took
     */
    public record Heap(long most, long live, double seconds) {

        private static final Heap NONE = new Heap(0, 0, 0);

        private Heap after(MatchResult collection) {
            long before = Long.parseLong(collection.group(2));
            long left = collection.group(1).equals("Full") ? Long.parseLong(collection.group(3)) : 0;
            return new Heap(
                    Math.max(most, before),
                    Math.max(live, left),
                    seconds + Double.parseDouble(collection.group(4)) / 1000);
        }
    }

    /** GNU time has to stay, to say what its child took. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
    }
}
