package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.config.CacheSettings;
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
        assertThat(keep(Optional.of(Duration.ZERO), new CacheSettings.Unknown()))
                .contains(Duration.ZERO);
    }

    private static Optional<Duration> keep(Optional<Duration> asked, CacheSettings cache) {
        return TrashRetention.of(asked, false, SETTLE, cache).keep();
    }
}
