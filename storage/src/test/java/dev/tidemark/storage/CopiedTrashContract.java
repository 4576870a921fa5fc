package dev.tidemark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The contract of a trash of copies, which a service makes by itself when it is asked to. */
public abstract class CopiedTrashContract extends TrashContract {

    /**
     * The service's names for requests.
     *
     * @param look at one object
     * @param write one
     */
    public record Operations(String look, String copy, String delete, String write) {}

    /** The service's names for the rights. */
    public record Rights(String copy, String delete, String write) {}

    protected abstract void faults(Function<Request, Optional<Answer>> faults);

    /** How many requests came, by operation. */
    protected abstract Map<String, Long> requests();

    protected abstract void forgetRequests();

    protected abstract Operations operations();

    protected abstract Rights rights();

    /** What the service says if a right is missing. */
    protected abstract Answer denied();

    /** Answers every request for an operation with this one. */
    protected void all(String operation, Answer answer) {
        faults(request -> request.operation().equals(operation) ? Optional.of(answer) : Optional.empty());
        forgetRequests();
    }

    /** Answers the next request for an operation with this one. */
    protected void next(String operation, Answer answer) {
        var first = new AtomicBoolean(true);
        faults(request -> request.operation().equals(operation) && first.getAndSet(false)
                ? Optional.of(answer)
                : Optional.empty());
    }

    @Test
    void aFileCostsTwoRequestsMoreThanItsDeletion() {
        // The server knows the content of what it has written itself.
        trash.take(RUN, List.of(link, data), () -> true);
        trash.restore(RUN, link);
        trash.restore(RUN, data);
        forgetRequests();

        assertThat(trash.take(RUN, List.of(link, data), () -> true)).isEmpty();

        assertThat(requests())
                .as("a look and a copy of each; the time of it is written once")
                .isEqualTo(Map.of(
                        operations().look(), 2L,
                        operations().copy(), 2L,
                        operations().delete(), 1L,
                        operations().write(), 1L));
    }

    /** What is copied, and not deleted since the sweep was cut off, is in both places. */
    @Test
    void sixtyFourFilesAreDeletedRightAfterTheyAreCopied() {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            paths.add(Layout.blobData(Digest.parse(registry.blob("many" + i))));
        }
        store();
        forgetRequests();
        var copies = new AtomicInteger();
        var deletionsBefore = new AtomicLong();
        faults(request -> {
            int copy = request.operation().equals(operations().copy()) ? copies.incrementAndGet() : 0;
            if (copy <= 64) {
                return Optional.empty();
            }
            if (copy == 65) {
                deletionsBefore.set(requests().getOrDefault(operations().delete(), 0L));
            }
            return Optional.of(denied());
        });

        assertThat(trash.take(RUN, paths, () -> true)).hasSize(36);

        assertThat(deletionsBefore).hasValue(1);
        assertThat(files(RUN)).hasSize(64);
        faults(request -> Optional.empty());
        forgetRequests();
        assertThat(trash.take(RUN, paths, () -> true)).isEmpty();
        assertThat(requests()).containsEntry(operations().copy(), 36L);
        assertThat(files(RUN)).hasSize(100);
    }

    @Test
    void aFileThatCannotBeCopiedIsNotDeleted() {
        all(operations().copy(), denied());

        StorageException why = trash.take(RUN, List.of(data), () -> true).get(data);

        assertThat(why)
                .isInstanceOf(NoTrashException.class)
                .hasMessageStartingWith("cannot copy ")
                .hasMessageContaining("/…/" + data)
                .hasMessageContaining("grant " + rights().copy());
        assertThat(requests()).doesNotContainKey(operations().delete());
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void aDeletionThatIsDeniedLeavesTheFileAndItsCopyDoesNoHarm() {
        all(operations().delete(), denied());
        assertThat(trash.take(RUN, List.of(data), () -> true).get(data))
                .hasMessageContaining("grant " + rights().delete());
        assertThat(snapshot()).isEqualTo(before);
        faults(request -> Optional.empty());

        // The same as after a sweeper that was killed between the two.
        assertThat(files(RUN)).hasSize(1);
        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.IN_PLACE);
        assertThat(trash.take(RUN, List.of(data), () -> true)).isEmpty();
        assertThat(files(RUN)).hasSize(1);
        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.BACK);
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void itIsAskedBeforeADeletionToo() {
        var asked = new AtomicInteger();
        forgetRequests();

        Map<String, StorageException> failed = trash.take(RUN, List.of(data), () -> asked.incrementAndGet() < 3);

        assertThat(failed.get(data)).isInstanceOf(NotAllowedException.class);
        assertThat(requests())
                .containsKey(operations().copy())
                .doesNotContainKey(operations().delete());
        assertThat(snapshot()).isEqualTo(before);
    }

    /** The server has copied it back, and is asked again. */
    @Test
    void aRestorationWhoseAnswerIsLostIsOne() {
        trash.take(RUN, List.of(data), () -> true);
        next(operations().copy(), new Answer.Lost());
        forgetRequests();
        var back = new AtomicBoolean();

        assertThat(trash.restore(RUN, data, () -> back.set(true))).isEqualTo(Restored.BACK);

        assertThat(requests()).containsEntry(operations().copy(), 2L);
        assertThat(back).isTrue();
        assertThat(snapshot()).isEqualTo(before);
        assertThat(files(RUN)).isEmpty();
    }

    @Test
    void aFileThatIsGoneIsNoFailure() {
        trash.take(RUN, List.of(data), () -> true);

        assertThat(trash.take(RUN, List.of(data), () -> true)).isEmpty();

        assertThat(files(RUN)).hasSize(1);
    }

    @Test
    void aTrashThatMayNotBeWrittenIsNone() {
        all(operations().write(), denied());

        assertThatExceptionOfType(NoTrashException.class)
                .isThrownBy(() -> trash.prepare(RUN, Duration.ofHours(1)))
                .withMessageContaining("grant " + rights().write())
                .withMessageContaining("--keep-trash off");
    }

    @Test
    void aRegistryOfWhichAllIsInTheTrashCanBeOpened() {
        trash.take(RUN, List.of(link, data), () -> true);

        try (Storage again = open()) {
            assertThat(again.trash().orElseThrow().runs()).containsExactly(RUN);
        }
    }

    @Test
    void aFileThatWasTakenTwiceComesBackOnce() {
        trash.take(RUN, List.of(data), () -> true);
        write(data, "blob");
        trash.take(RUN, List.of(data), () -> true);
        // Where times are to the second, both may be of the same.
        assertThat(files(RUN)).hasSizeBetween(1, 2);

        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.BACK);

        assertThat(files(RUN)).isEmpty();
        assertThat(snapshot()).isEqualTo(before);
    }
}
