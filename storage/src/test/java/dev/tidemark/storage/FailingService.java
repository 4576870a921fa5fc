package dev.tidemark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry in a service that can be told to fail, and that service's words for it. */
abstract class FailingService {

    @TempDir
    protected Path directory;

    protected RegistryOnDisk registry;
    protected Storage storage;
    protected final List<String> blobs = new ArrayList<>();
    final List<Storage> others = new ArrayList<>();

    /**
     * What a service says when it fails.
     *
     * @param passing it may be done later
     * @param expired the credentials have
     * @param denied they are good, and not for this
     * @param noBucket there is none of that name
     * @param cut makes of a listing one that is cut short, and does not say where it goes on
     */
    public record Failing(
            List<Answer> passing, Answer expired, Answer denied, Answer noBucket, UnaryOperator<String> cut) {}

    /**
     * The service's names for the rights.
     *
     * @param list to list what is there
     * @param read to read it
     * @param delete to delete it
     */
    public record Rights(String list, String read, String delete) {}

    /**
     * The service's names for requests.
     *
     * @param list for a page of a listing
     * @param look for a look at one object
     * @param read for the content of one
     * @param delete for the deletion of many
     */
    public record Operations(String list, String look, String read, String delete) {}

    /** Starts the service, and says where the registry's storage root is to be. */
    protected abstract Path root();

    /**
     * Opens the storage of what is there.
     *
     * @param aTry how long the service may take for one try of a request; null for as long as it is given in a run
     */
    protected abstract Storage open(Duration aTry, Calls calls);

    /** Brings what is in the registry's root to the storage, where that is not its files. */
    protected void store() {}

    protected abstract void faults(Function<Request, Optional<Answer>> faults);

    /** How many requests came, by operation. */
    protected abstract Map<String, Long> requests();

    protected abstract void forgetRequests();

    protected abstract Failing failing();

    protected abstract Rights rights();

    protected abstract Operations operations();

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(root());
        registry.repo("app").image("image");
        for (int i = 0; i < 12; i++) {
            blobs.add(Layout.blobData(Digest.parse(registry.blob("blob" + i))));
        }
        store();
        // Without tries of its own beside the driver's.
        storage = open(null, new Calls(List.of()));
        forgetRequests();
    }

    @AfterEach
    void closeAll() {
        storage.close();
        others.forEach(Storage::close);
    }

    Storage another(Duration aTry) {
        others.add(open(aTry, new Calls(List.of())));
        return others.getLast();
    }

    void all(Answer answer) {
        faults(request -> Optional.of(answer));
    }

    /** The failure of a call that waits for an answer which does not come, if something is done meanwhile. */
    Throwable disturbed(Runnable call, Consumer<Thread> meanwhile) throws InterruptedException {
        var asked = new CountDownLatch(1);
        faults(request -> {
            asked.countDown();
            return Optional.of(new Answer.Silence());
        });
        var failure = new AtomicReference<Throwable>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                call.run();
            } catch (StorageException e) {
                failure.set(e);
            }
        });
        asked.await();
        meanwhile.accept(caller);
        assertThat(caller.join(Duration.ofMinutes(2)))
                .as("five tries take longer")
                .isTrue();
        return failure.get();
    }

    List<ThrowingCallable> listings() {
        return List.of(
                () -> storage.children("blobs"),
                () -> storage.listed("blobs/sha256"),
                () -> storage.leaves("blobs", "data", leaf -> {}),
                () -> storage.count("blobs", 9));
    }

    List<ThrowingCallable> everyRead() {
        List<ThrowingCallable> all = new ArrayList<>(listings());
        all.add(() -> read(storage, blobs.getFirst()));
        all.add(() -> storage.stat(blobs.getFirst()));
        return all;
    }

    void assertNoneDeleted(String words) {
        assertThat(storage.deleteAll(blobs, () -> true))
                .hasSameSizeAs(blobs)
                .allSatisfy((path, failure) ->
                        assertThat(failure).hasMessageContaining(words).returns(true, StorageException::settled));
        faults(request -> Optional.empty());
        assertThat(blobs).allMatch(blob -> storage.stat(blob).isPresent());
    }

    static void assertSettled(ThrowingCallable call, String words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.settled()).as(e.getMessage()).isTrue())
                .hasMessageContaining(words)
                .hasMessageStartingWith("cannot ")
                .hasMessageNotContaining("\n");
    }

    static Optional<byte[]> read(Storage from, String path) {
        return from.read(path, InputStream::readAllBytes);
    }
}
