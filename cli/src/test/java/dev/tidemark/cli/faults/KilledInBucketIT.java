package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Processes;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.S3Server;
import dev.tidemark.testkit.Soak;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same in a bucket, with versions and without: a process is killed while the server holds back its answer to a
 * request, which it has done or not.
 */
class KilledInBucketIT {

    private static final String DELETION = "DeleteObjects";
    private static final String COPY = "CopyObject";

    @TempDir
    private Path directory;

    private S3Server server;
    private TrashScene scene;
    private int rounds;
    private final CountDownLatch end = new CountDownLatch(1);

    /**
     * A request that is not answered.
     *
     * @param nth of this operation, from 1
     * @param done whether the server does it all the same
     */
    private record Held(String operation, int nth, boolean done) {}

    @AfterEach
    void close() {
        end.countDown();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void betweenADeletionAndItsRecordWithVersions() {
        inASweep(true, new Held(DELETION, 1, true));
    }

    @Test
    void betweenACopyAndItsDeletionWithoutVersions() {
        inASweep(false, new Held(DELETION, 1, false));
    }

    @Test
    void inARestoreWithVersions() {
        inARestore(true, new Held(COPY, 5, true));
    }

    @Test
    void inAPurgeWithVersions() {
        inAPurge(true, new Held(DELETION, 1, true));
    }

    @Test
    void inAnUndoOfManyWithoutVersions() {
        inAnUndo(false, new Held(COPY, 30, true));
    }

    @Test
    @Tag("soak")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void atAnyOfTheseRequests() {
        var random = new Random(Soak.seed());
        var soak = new Soak();
        do {
            for (boolean versions : List.of(true, false)) {
                inASweep(versions, new Held(DELETION, 1 + random.nextInt(3), random.nextBoolean()));
                inARestore(versions, new Held(COPY, 1 + random.nextInt(TrashScene.PUSHED_AGAIN), random.nextBoolean()));
                inAPurge(versions, new Held(DELETION, 1, random.nextBoolean()));
                inAnUndo(versions, new Held(COPY, 1 + random.nextInt(TrashScene.SWEPT), random.nextBoolean()));
            }
        } while (soak.goesOn());
    }

    private void inASweep(boolean versions, Held held) {
        freshScene(versions);

        killed(held, "collect", "--keep-trash", "1d");

        scene.collect("--keep-trash", "1d");
        scene.assertSwept();
        scene.assertProved();
        scene.undoAll();
        scene.assertWhole();
    }

    private void inARestore(boolean versions, Held held) {
        freshScene(versions);
        scene.collect("--keep-trash", "1d");
        List<String> pushed = scene.pushAgain();

        killed(held, "collect", "--keep-trash", "1d");

        scene.collect("--keep-trash", "1d");
        scene.assertLayersExist(pushed);
        scene.assertProved();
    }

    private void inAPurge(boolean versions, Held held) {
        freshScene(versions);
        scene.collect("--keep-trash", "1d");

        killed(held, "trash", "empty", "--settle", "0");

        scene.assertSwept();
        scene.emptyTrash();
        scene.assertSwept();
        assertThat(scene.runs()).isEmpty();
        scene.assertProved();
    }

    private void inAnUndo(boolean versions, Held held) {
        freshScene(versions);
        scene.collect("--keep-trash", "1d");

        killed(held, "undo", scene.runs().getFirst());

        scene.undoAll();
        scene.assertWhole();
    }

    private void killed(Held held, String command, String... options) {
        var reached = new CountDownLatch(1);
        var count = new AtomicInteger();
        server.faults(at(held, count, reached));
        Process process = scene.start(Map.of(), command, options);
        Processes.await("a request is held", () -> reached.getCount() == 0 || !process.isAlive());
        assertThat(process.isAlive()).as(Processes.tail(scene.output())).isTrue();
        Processes.kill(process);
        server.faults(request -> Optional.empty());
    }

    /** From the nth request on, none of its kind is answered. */
    private Function<Request, Optional<Answer>> at(Held held, AtomicInteger count, CountDownLatch reached) {
        return request -> {
            if (!request.operation().equals(held.operation()) || count.incrementAndGet() < held.nth()) {
                return Optional.empty();
            }
            if (!held.done() || count.get() > held.nth()) {
                reached.countDown();
                return Optional.of(new Answer.Silence());
            }
            return Optional.of(new Answer.Changed(answer -> {
                reached.countDown();
                return awaitEnd(answer);
            }));
        };
    }

    private String awaitEnd(String answer) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return answer;
    }

    private void freshScene(boolean versions) {
        if (server == null) {
            server = S3Server.on(directory);
        }
        String bucket = "registry-" + rounds++;
        var registry = TrashScene.registry(server.bucket(bucket));
        if (versions) {
            server.keepVersions(bucket);
        }
        try {
            Path home = Files.createDirectories(directory.resolve("homes").resolve(bucket));
            String config = RegistryConfigFile.write(home, server.storage(bucket, ""), 0)
                    .toString();
            scene = TrashScene.at(registry, home, config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
