package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.testkit.FaultyProxy.Answer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sweep has listed or deleted when its sweeper was killed, and whose it is then. */
class KilledSweepTest extends VersionedRegistry {

    /**
     * The earlier run was cancelled when its sweeper was killed, between its list and the deletion. The marker is the
     * later run's, and so is the file, for as long as that one has asked for.
     */
    @Test
    void aFileThatAKilledRunDidNotDeleteIsTheLaterRuns() {
        String file = written("layer");
        killedBeforeItsDeletion(EARLIER, file);
        assertThat(trash.take(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(files(EARLIER)).isEmpty();
        assertThat(trash.restore(EARLIER, file)).isEqualTo(Restored.NOT_THERE);
        assertThat(trash.purge(EARLIER, List.of(file), () -> true)).isEmpty();

        assertThat(files(RUN)).hasSize(1);
        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
        assertThat(content(file)).isEqualTo("layer");
        trash.end(EARLIER);
        assertThat(trash.runs()).doesNotContain(EARLIER);
    }

    /** Neither list says whose the marker is. */
    @Test
    void ofTwoRunsThatWereKilledTheLaterOneHasTheFile() {
        String file = written("layer");
        killedBeforeItsDeletion(EARLIER, file);
        killedAfterItsDeletion(RUN, file);

        assertThat(trash.restore(EARLIER, file)).isEqualTo(Restored.NOT_THERE);
        assertThat(trash.purge(EARLIER, List.of(file), () -> true)).isEmpty();

        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
        assertThat(content(file)).isEqualTo("layer");
    }

    /** The earlier run has deleted it, it was pushed again, and the later run has deleted that. */
    @Test
    void aPurgeOfWhatAKilledRunHasDeletedLeavesWhatALaterRunHas() {
        String file = written("one");
        killedAfterItsDeletion(EARLIER, file);
        write(file, "another");
        assertThat(trash.take(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(trash.purge(EARLIER, List.of(file), () -> true)).isEmpty();

        assertThat(files(EARLIER)).isEmpty();
        assertThat(versions(key(file)).versions()).hasSize(1);
        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
        assertThat(content(file)).isEqualTo("another");
    }

    /** It was written again before the later run has deleted it: the earlier one has deleted nothing. */
    @Test
    void aVersionThatWasWrittenAfterARunWasKilledIsTheLaterRuns() {
        String file = written("one");
        killedBeforeItsDeletion(EARLIER, file);
        write(file, "another");
        assertThat(trash.take(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(trash.restore(EARLIER, file)).isEqualTo(Restored.NOT_THERE);
        assertThat(trash.purge(EARLIER, List.of(file), () -> true)).isEmpty();

        assertThat(files(EARLIER)).isEmpty();
        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
        assertThat(content(file)).isEqualTo("another");
    }

    /** A run whose sweeper was killed goes on: its file is as young in the trash as its deletion. */
    @Test
    void aFileThatItsRunHasListedTwiceIsInTheTrashOnce() {
        String file = written("layer");
        killedBeforeItsDeletion(RUN, file);
        long killed = files(RUN).getFirst().since();
        long now = trash.now();
        while (trash.now() <= killed) {
            Thread.onSpinWait();
        }

        assertThat(trash.take(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(files(RUN)).hasSize(1).allMatch(taken -> taken.since() > killed && taken.since() >= now);
        assertThat(trash.purge(RUN, List.of(file), () -> true)).isEmpty();
        assertThat(files(RUN)).isEmpty();
        assertThat(versions(key(file)).versions()).isEmpty();
    }

    /** A sweeper was killed between its list and the deletion. */
    @Test
    void aFileThatIsListedAndNotDeletedStays() {
        String file = written("layer");
        all("DeleteObjects", new Answer.Error(403, "AccessDenied"));
        assertThat(trash.take(RUN, List.of(file), () -> true)).containsKey(file);
        server.faults(request -> Optional.empty());
        assertThat(files(RUN)).hasSize(1);

        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.IN_PLACE);
        assertThat(trash.purge(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(content(file)).isEqualTo("layer");
        assertThat(files(RUN)).isEmpty();
    }

    /** A sweeper was killed between the deletion and the list that says which markers it has made. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFileThatIsDeletedAndNotListedAgainIsInTheTrash(boolean restored) {
        String file = written("layer");
        killedAfterItsDeletion(RUN, file);
        assertThat(files(RUN)).hasSize(1);

        if (restored) {
            assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
            assertThat(content(file)).isEqualTo("layer");
        } else {
            assertThat(trash.purge(RUN, List.of(file), () -> true)).isEmpty();
            assertThat(versions(key(file)).versions()).isEmpty();
            assertThat(versions(key(file)).deleteMarkers()).isEmpty();
        }
        assertThat(files(RUN)).isEmpty();
    }

    private void killedBeforeItsDeletion(RunId run, String file) {
        assertThat(trash.onlyIfAsked()).isFalse();
        all("DeleteObjects", new Answer.Error(403, "AccessDenied"));
        assertThat(trash.take(run, List.of(file), () -> true)).containsKey(file);
        server.faults(request -> Optional.empty());
    }

    private void killedAfterItsDeletion(RunId run, String file) {
        assertThat(trash.onlyIfAsked()).isFalse();
        var deleted = new AtomicBoolean();
        server.faults(request -> {
            deleted.compareAndSet(false, request.operation().equals("DeleteObjects"));
            return deleted.get() && request.operation().equals("PutObject")
                    ? Optional.of(new Answer.Error(403, "AccessDenied"))
                    : Optional.empty();
        });
        assertThat(trash.take(run, List.of(file), () -> true)).isEmpty();
        server.faults(request -> Optional.empty());
    }
}
