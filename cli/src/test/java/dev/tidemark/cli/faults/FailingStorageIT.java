package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Faulty;
import dev.tidemark.cli.ServicesInProcess;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.StorageException;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The services on a storage that refuses deletions, is gone, or is slow. */
class FailingStorageIT extends ServicesInProcess {

    @Test
    void deletionsThatFailAreReportedAndTakenUpByTheNextRun() {
        var trouble = new Faulty(storage());
        trouble.delete = path -> {
            if (path.contains(RegistryOnDisk.hex(orphan))) {
                throw new StorageException("input/output error");
            }
            if (path.contains("_manifests/revisions/sha256/" + RegistryOnDisk.hex(untagged))) {
                throw new ForbiddenException("permission denied");
            }
        };
        startServices(trouble);

        Tidemark.Result result = tidemark("run", "--delete-untagged", "--max-delete", "100");

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("swept with failures");
        assertThat(result.out()).contains("1 failed: the storage does not answer", "1 failed: permission denied");
        assertThat(registry.data(orphan)).exists();
        assertThat(app.revision(untagged)).exists();
        assertThat(registry.data(untagged))
                .as("a manifest whose revision stays, stays")
                .exists();

        trouble.delete = path -> {};
        assertThat(tidemark("run", "--delete-untagged", "--max-delete", "100").exitCode())
                .isZero();
        assertThat(registry.data(orphan)).doesNotExist();
        assertThat(registry.data(untagged)).doesNotExist();
    }

    @Test
    void aStorageThatIsGoneFailsEveryDeletionAndTheNextRunFails() {
        for (int i = 0; i < 100; i++) {
            registry.blob("orphan " + i);
        }
        registry.age(Duration.ofDays(2));
        Map<String, String> before = registry.snapshot();
        Path away = directory.resolve("away");
        var trouble = new Faulty(storage());
        trouble.delete = path -> move(registry.base(), away);
        startServices(trouble);

        Tidemark.Result result = tidemark("run", "--delete-untagged", "--max-delete", "100");
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("swept with failures");
        assertThat(result.out()).contains("failed: the storage does not answer").doesNotContain("gone already");

        Tidemark.Result next = tidemark("run", "--delete-untagged", "--max-delete", "100");
        assertThat(next.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(next.err()).contains("is its file system mounted?", "nothing was deleted");
        trouble.delete = path -> {};
        move(away, registry.base());
        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(tidemark("run", "--delete-untagged", "--max-delete", "100").exitCode())
                .isZero();
        assertThat(registry.data(orphan)).doesNotExist();
    }

    /** An item is committed when it is read as a whole, and whoever leads sees only what is committed. */
    @Test
    void aRepositoryThatTakesLongerThanTheStallTimeoutIsNoStall() {
        for (String name : List.of("many-1", "many-2", "many-3", "many-4")) {
            for (int i = 0; i < 50; i++) {
                registry.repo(name).image(name + i);
            }
        }
        registry.age(Duration.ofDays(2));
        var storage = new Faulty(storage());
        // The first that is not the leader's own to read.
        var slow = new AtomicReference<String>();
        var paused = new AtomicInteger();
        storage.open = path -> {
            boolean leads = Thread.currentThread().getName().endsWith("-0");
            if (path.startsWith("repositories/many-") && !leads) {
                String repository = path.split("/")[1];
                if (slow.compareAndSet(null, repository) || slow.get().equals(repository)) {
                    paused.incrementAndGet();
                    pause(Duration.ofMillis(400));
                }
            }
        };
        startServices(storage, SHORT_STALL);

        Tidemark.Result result = tidemark("run");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(registry.data(orphan)).doesNotExist();
        assertThat(paused).hasValueGreaterThanOrEqualTo(50);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sweepers do so at the same time: one of them is the first. */
    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (NoSuchFileException e) {
            assertThat(to).exists();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
