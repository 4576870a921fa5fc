package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Swept;
import dev.tidemark.schemas.RunRecord.Verified;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.look.Nominee;
import dev.tidemark.sweeper.trash.DeferredRecords;
import dev.tidemark.sweeper.trash.PushWatch;
import dev.tidemark.sweeper.trash.TrashKeeper;
import dev.tidemark.sweeper.trash.TrashMeter;
import dev.tidemark.sweeper.trash.TrashWatch;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TrashWatchTest {

    private static final RunId RUN = EligiblePartition.RUN;

    @TempDir
    private Path directory;

    private final AtomicBoolean mine = new AtomicBoolean();
    private final BlockingQueue<Set<Nominee>> pushed = new LinkedBlockingQueue<>();
    private final TrashMeter meter = new TrashMeter();
    private final AtomicInteger verifications = new AtomicInteger();
    private RegistryOnDisk registry;
    private Storage storage;
    private Trash trash;
    private volatile Optional<Run> latest = Optional.empty();

    /** What a test pushes. */
    private final class Pushed implements PushWatch.Pushes {

        @Override
        public Set<Nominee> next(Duration atMost) {
            try {
                return Optional.ofNullable(pushed.poll(atMost.toMillis(), TimeUnit.MILLISECONDS))
                        .orElse(Set.of());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Set.of();
            }
        }

        @Override
        public void close() {
            // There is nothing to close.
        }
    }

    @BeforeEach
    void aRegistryAfterASweep() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        registry.repo("team/app").tag("latest", registry.repo("team/app").image("kept"));
        storage = FilesystemStorage.open(registry.root());
        trash = storage.trash().orElseThrow();
        trash.prepare(RUN, Duration.ofDays(7));
        List<RunRecord> records = new ArrayList<>(EligiblePartition.decided(RUN));
        Digest digest = Digest.parse("sha256:" + "a".repeat(64));
        var deletion = new DeletionRecord(RUN, Kind.BLOB, digest, null, DeletionRecord.Outcome.DELETED, 10, null, 0);
        records.add(new Swept(RUN, 0, 2, Sweep.NONE.plus(deletion), Checksum.NONE, null, null));
        records.add(new Swept(RUN, 1, 2, Sweep.NONE, Checksum.NONE, null, null));
        records.forEach(this::said);
    }

    @Test
    void aPushedFileComesBackWhileAVerificationIsUnderWay() throws Exception {
        String layer = inTheTrash("layer");
        var verifying = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        try (TrashWatch watch = watch((run, heal, goOn) -> {
            verifying.countDown();
            await("the end of the test", () -> end.getCount() == 0);
            return Optional.empty();
        })) {
            watch.start();
            mine.set(true);
            verifying.await();

            registry.repo("other").layerLink(layer);
            pushed.add(Set.of(new Nominee("other", Digest.parse(layer))));

            await("the layer to be back", () -> Files.exists(registry.data(layer)));
            end.countDown();
        }
    }

    @Test
    void aVerificationIsRepeatedOnlyIfALookHasChangedSomething() {
        inTheTrash("layer");
        String needed = inTheTrash("needed");
        try (TrashWatch watch = watch(this::verified)) {
            watch.start();
            look();
            assertThat(verifications).hasValue(1);
            look();
            look();
            assertThat(verifications).hasValue(1);

            registry.repo("other").layerLink(needed);
            look();
            assertThat(registry.data(needed)).exists();
            assertThat(verifications).hasValue(2);
            look();
            assertThat(verifications).hasValue(2);
        }
    }

    @Test
    void aRunThatWasVerifiedBeforeTheStartIsNotVerifiedAgain() {
        inTheTrash("layer");
        said(missing(0));
        try (TrashWatch watch = watch(this::verified)) {
            watch.start();
            look();
            look();
            assertThat(verifications).hasValue(0);
        }
    }

    @Test
    void aRunThatHasLostSomethingIsVerifiedAfterEachLook() {
        inTheTrash("layer");
        said(missing(3));
        try (TrashWatch watch = watch(this::verified)) {
            watch.start();
            look();
            look();
            assertThat(verifications).hasValue(2);
        }
    }

    @Test
    void aVerificationThatWasToldToStopIsMadeAfterTheNextLook() {
        inTheTrash("layer");
        try (TrashWatch watch = watch((run, heal, goOn) -> {
            verifications.incrementAndGet();
            return Optional.empty();
        })) {
            watch.start();
            look();
            look();
            assertThat(verifications).hasValue(2);
        }
    }

    private Optional<Verified> verified(Run run, Runnable heal, BooleanSupplier goOn) {
        verifications.incrementAndGet();
        return Optional.of(missing(0));
    }

    private static Verified missing(long files) {
        return new Verified(RUN, 0, 1, files, List.of());
    }

    private void said(RunRecord record) {
        latest = Run.after(latest, record);
    }

    private TrashWatch watch(TrashWatch.Verifier verifier) {
        return new TrashWatch(
                () -> latest,
                mine::get,
                () -> Optional.of(TrashKeeper.recordingLater(
                        storage, trash, Duration.ZERO, Optional.empty(), new DeferredRecords("test"))),
                Pushed::new,
                meter,
                verifier);
    }

    /** Whoever gets the trash looks at it. When it is another's again, all that followed the look has ended. */
    private void look() {
        mine.set(true);
        await("a look", () -> !Double.isNaN(meter.lookAgeSeconds()));
        assertThat(meter.room()).isPositive();
        mine.set(false);
        await("its end", () -> Double.isNaN(meter.lookAgeSeconds()));
    }

    private String inTheTrash(String content) {
        String blob = registry.blob(content);
        // What was written since the run's cutoff comes back by itself.
        registry.age(Duration.ofDays(2));
        assertThat(trash.take(RUN, List.of(Layout.blobData(Digest.parse(blob))), () -> true))
                .isEmpty();
        return blob;
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain for " + what).isLessThan(deadline);
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
