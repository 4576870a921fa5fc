package dev.tidemark.sweeper.trash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.config.CacheSettings;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrashRetentionTest {

    private static final Duration SETTLE = Duration.ofSeconds(30);

    @Test
    void besideARegistryThatRemembersInMemoryTheTrashIsKeptForADay() {
        var memory = new CacheSettings.InMemory();

        assertThat(keep(Optional.empty(), memory)).isEmpty();
        assertThat(keep(Optional.of(Duration.ZERO), memory)).contains(Duration.ofHours(24));
        assertThat(keep(Optional.of(Duration.ofDays(7)), memory)).contains(Duration.ofDays(7));
    }

    @Test
    void besideAnyOtherItIsKeptAsLongAsIsAskedFor() {
        var none = new CacheSettings.None();

        assertThat(keep(Optional.empty(), none)).isEmpty();
        assertThat(keep(Optional.of(Duration.ZERO), none)).contains(Duration.ZERO);
    }

    @Test
    void besideARegistryOfWhichNobodyKnowsItIsKeptForADayUnlessATimeIsAskedFor() {
        var unknown = new CacheSettings.Unknown();

        assertThat(keep(Optional.of(Duration.ZERO), unknown)).contains(Duration.ofHours(24));
        assertThat(TrashRetention.of(Optional.of(Duration.ZERO), true, SETTLE, unknown)
                        .keep())
                .contains(Duration.ZERO);
        assertThat(keep(Optional.empty(), unknown)).isEmpty();
    }

    @Test
    void aTrashThatCostsMuchIsUsedOnlyIfItIsAskedFor() {
        Optional<Duration> day = Optional.of(Duration.ofDays(1));
        var none = new CacheSettings.None();

        assertThat(TrashRetention.of(day, false, SETTLE, none).trash(withTrash(false)))
                .isPresent();
        assertThat(TrashRetention.of(day, false, SETTLE, none).trash(withTrash(true)))
                .isEmpty();
        assertThat(TrashRetention.of(day, true, SETTLE, none).trash(withTrash(true)))
                .isPresent();
        assertThat(TrashRetention.of(Optional.empty(), true, SETTLE, none).trash(withTrash(false)))
                .isEmpty();
    }

    @Test
    void whereATrashIsAskedForAndThereIsNoneNothingIsSwept() {
        Optional<Duration> day = Optional.of(Duration.ofDays(1));
        var none = new CacheSettings.None();
        Storage without = answering(Storage.class, "trash", Optional.empty());

        assertThat(TrashRetention.of(day, false, SETTLE, none).trash(without)).isEmpty();
        assertThat(TrashRetention.of(Optional.empty(), true, SETTLE, none).trash(without))
                .isEmpty();
        assertThatThrownBy(() -> TrashRetention.of(day, true, SETTLE, none).trash(without))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.settled()).isTrue())
                .hasMessageContaining("--keep-trash off");
    }

    private static Storage withTrash(boolean onlyIfAsked) {
        Trash trash = answering(Trash.class, "onlyIfAsked", onlyIfAsked);
        return answering(Storage.class, "trash", Optional.of(trash));
    }

    /** A stand-in that is asked one thing. */
    private static <T> T answering(Class<T> type, String question, Object answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
            assertThat(method.getName()).isEqualTo(question);
            return answer;
        }));
    }

    private static Optional<Duration> keep(Optional<Duration> asked, CacheSettings cache) {
        return TrashRetention.of(asked, false, SETTLE, cache).keep();
    }
}
