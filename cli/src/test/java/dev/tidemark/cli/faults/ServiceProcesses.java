package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Processes;
import dev.tidemark.service.process.ServiceMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Services, each a process of its own with a name, as {@code marker-0}. They can be killed, and started again, while
 * other threads ask for them.
 */
public final class ServiceProcesses implements AutoCloseable {

    static final Duration SESSION = Duration.ofSeconds(6);
    static final Duration HEARTBEAT = Duration.ofSeconds(1);

    /** Settings by which members of the classic groups that are dead are missed soon. */
    public static final Map<String, String> SHORT_SESSIONS = Map.of(
            "kafka.session.timeout.ms", Long.toString(SESSION.toMillis()),
            "kafka.heartbeat.interval.ms", Long.toString(HEARTBEAT.toMillis()));

    private final Path directory;
    private final Function<String, Map<String, String>> environment;
    private final Map<String, Process> processes = new TreeMap<>();

    /**
     * None yet.
     *
     * @param environment of a service, by its name; its own directory and name are added
     */
    public ServiceProcesses(Path directory, Function<String, Map<String, String>> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    public void start(String name) {
        start(name, Map.of());
    }

    /** @param more settings of this one process, beside those of all */
    void start(String name, Map<String, String> more) {
        start(name, more, ServiceMain.class, service(name));
    }

    static String service(String name) {
        return name.replaceAll("-\\d+$", "");
    }

    void start(String name, Class<?> main, String... arguments) {
        start(name, Map.of(), main, arguments);
    }

    private synchronized void start(String name, Map<String, String> more, Class<?> main, String... arguments) {
        try {
            Path home = Files.createDirectories(directory.resolve(name));
            var own = new HashMap<>(environment.apply(name));
            own.putAll(more);
            own.put("TIDEMARK_STATE_DIR", home.resolve("state").toString());
            own.put("TIDEMARK_INSTANCE", name);
            processes.put(name, Processes.java("256m", main, output(name), own, arguments));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public synchronized List<String> names() {
        return List.copyOf(processes.keySet());
    }

    Path output(String name) {
        return directory.resolve(name).resolve("output");
    }

    synchronized Process process(String name) {
        return processes.get(name);
    }

    public synchronized void killAndRestart(String name) {
        Processes.kill(process(name));
        start(name);
    }

    /** Fails if one has ended by itself. */
    public synchronized void assertAlive() {
        processes.forEach((name, process) ->
                assertThat(process.isAlive()).as(name + " lives").isTrue());
    }

    /** The last lines of each. */
    public String logs() {
        var logs = new StringBuilder();
        names().forEach(name -> logs.append("\n== ").append(name).append('\n').append(Processes.tail(output(name))));
        return logs.toString();
    }

    @Override
    public synchronized void close() {
        processes.values().forEach(Process::destroyForcibly);
        processes.values().forEach(Processes::awaitEnd);
    }
}
