package dev.tidemark.sweeper.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CachePurgeTest {

    private final AtomicLong now = new AtomicLong();
    private final List<List<Eligible>> forgotten = new ArrayList<>();
    private final CachePurge purge = new CachePurge(Optional.of(new ForgetfulCache(forgotten::add)), now::get);

    @Test
    void entriesAreRemovedAtOnceAndOnceMoreSecondsLater() {
        purge.forget(blobs("a"));
        purge.forget(blobs("b"));
        assertThat(forgotten).containsExactly(blobs("a"), blobs("b"));

        now.addAndGet(Duration.ofSeconds(10).toNanos());
        purge.forget(blobs("c"));
        assertThat(forgotten).containsExactly(blobs("a"), blobs("b"), blobs("a"), blobs("b"), blobs("c"));
    }

    @Test
    void theEndWaitsForTheSecondTime() throws InterruptedException {
        purge.finish();
        purge.forget(blobs("a"));
        now.addAndGet(Duration.ofSeconds(5).toNanos());

        purge.finish();
        purge.finish();
        assertThat(forgotten).containsExactly(blobs("a"), blobs("a"));
    }

    @Test
    void aRegistryWithoutACacheCostsNothing() throws InterruptedException {
        var without = new CachePurge(Optional.empty());

        without.forget(blobs("a"));
        without.finish();
    }

    @Test
    void aFailureSaysThatTheCacheIsStale() {
        var failing = new CachePurge(Optional.of(new ForgetfulCache(gone -> {
            throw new CacheException("Redis is away", null);
        })));

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> failing.forget(blobs("a")))
                .withMessageStartingWith("Redis is away (cache: stale; ");
    }

    private static List<Eligible> blobs(String digit) {
        return List.of(new Eligible(
                new RunId("20260101-000000"),
                Kind.BLOB,
                Digest.parse("sha256:" + digit.repeat(64)),
                null,
                null,
                1,
                "test",
                0,
                List.of(),
                null));
    }
}
