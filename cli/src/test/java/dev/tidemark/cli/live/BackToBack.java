package dev.tidemark.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Main;
import dev.tidemark.cli.Processes;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.live.LiveClients;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Collections of a live registry, one after the other, and what each leaves of the pushes that came before it. */
final class BackToBack implements AutoCloseable {

    private static final int CLIENTS = 4;
    private static final int IMAGES = 15;
    private static final Duration SETTLE = Duration.ofSeconds(2);

    private final LiveRegistry live;
    private final LiveClients clients;
    private final Path home;
    private final Tidemark tidemark;
    private final Path trash;
    private final int orphans;
    private final List<String> options;
    private final Optional<LiveServices> services;
    private int collections;

    /**
     * Lets clients begin.
     *
     * @param services that collect; empty if the command does it alone
     * @param orphans how many blobs are put into the registry before each collection, so that a sweep takes its time
     * @param options of each collection
     */
    BackToBack(
            LiveRegistry live,
            Path home,
            Optional<LiveServices> services,
            Random random,
            int orphans,
            String... options) {
        this.services = services;
        this.live = live;
        this.home = home;
        tidemark = new Tidemark(home);
        this.orphans = orphans;
        this.options = List.of(options);
        trash = live.files().root().resolve("tidemark/trash");
        // A registry without any manifest is refused.
        live.registry().pushImage("kept", "latest", "kept config", "kept layer");
        // The trash is made before the second look.
        clients = new LiveClients(live::registry, live.files(), this::sweeping, IMAGES);
        services.ifPresent(three -> three.start(live.registry().config()));
        clients.start(CLIENTS, random);
    }

    private boolean sweeping() {
        return Files.exists(trash);
    }

    LiveClients clients() {
        return clients;
    }

    int collections() {
        return collections;
    }

    /** Collects, and says which pushes that came before it are not whole when it has ended. */
    List<String> collect() {
        putOrphans();
        long before = System.nanoTime();
        if (services.isPresent()) {
            services.get().run(ofRun().toArray(String[]::new));
            // The look after a run is not the client's to follow.
            try {
                Processes.await(
                        "it is looked at", () -> clients.notWhole(before).isEmpty());
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + clients.notWhole(before), e);
            }
            return List.of();
        }
        Tidemark.Result result = tidemark.collect(arguments("--format", "json").toArray(String[]::new));
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return clients.notWhole(before);
    }

    /** Begins to collect, and kills the process: anywhere, in the sweep, or in the final look and the purge. */
    void collectKilled(Random random) {
        putOrphans();
        List<String> all = new ArrayList<>(
                List.of("collect", "--data-dir", home.resolve("data").toString()));
        all.addAll(arguments());
        boolean before = sweeping();
        Process process =
                Processes.java("512m", Main.class, home.resolve("output"), Map.of(), all.toArray(String[]::new));
        switch (random.nextInt(4)) {
            case 0 -> Processes.pause(random.nextInt(10_000));
            case 1 -> {
                awaitSweep(process, before);
                Processes.pause(SETTLE.toMillis() + random.nextInt(1_500));
            }
            default -> {
                awaitSweep(process, before);
                Processes.pause(random.nextInt(1_500));
            }
        }
        Processes.kill(process);
    }

    private void awaitSweep(Process process, boolean before) {
        if (before) {
            // What is left of others: its own can't be told apart.
            Processes.pause(SETTLE.toMillis());
        } else {
            Processes.await("it sweeps", () -> !process.isAlive() || sweeping());
        }
    }

    private List<String> arguments(String... more) {
        List<String> arguments = new ArrayList<>(ofRun());
        arguments.addAll(List.of("--settle", SETTLE.toSeconds() + "s"));
        arguments.addAll(options);
        arguments.addAll(List.of(more));
        arguments.addAll(live.named());
        return arguments;
    }

    private static List<String> ofRun() {
        return List.of("--delete-untagged", "--min-age", "2s", "--max-delete", "100");
    }

    private void putOrphans() {
        collections++;
        live.undisturbed(() -> {
            for (int i = 0; i < orphans; i++) {
                String digest = live.files().blob("orphan " + collections + "." + i);
                RegistryOnDisk.age(live.files().data(digest), Duration.ofHours(1));
            }
        });
    }

    /** The clients end, and after one more collection nothing may be missing, whoever serves it. */
    List<String> end() throws Exception {
        clients.stop();
        List<String> lost = new ArrayList<>(collect());
        live.replicas().forEach(replica -> lost.addAll(clients.notServed(replica)));
        live.killAndRestart();
        live.replicas().forEach(replica -> lost.addAll(clients.notServed(replica)));
        return lost;
    }

    @Override
    public void close() throws Exception {
        clients.close();
    }
}
