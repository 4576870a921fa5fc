package dev.tidemark.sweeper.trash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.schemas.Tally;
import dev.tidemark.sweeper.cache.CacheException;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.cache.FakeReplica;
import dev.tidemark.sweeper.cache.ForgetfulCache;
import dev.tidemark.sweeper.cache.RegistryCache;
import dev.tidemark.sweeper.cache.ReplicaMemory;
import dev.tidemark.sweeper.cache.Replicas;
import dev.tidemark.sweeper.look.StoppedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The registry's cache is told of a trash before anything of it is purged. */
class CacheBeforePurgeTest extends SweptRegistry {

    private static final Duration SETTLE = Duration.ofMinutes(10);

    @Test
    void theCacheIsToldWhatACutOffSweepMayNotHaveToldIt() {
        List<String> taken = sweep(Duration.ZERO, anOldImage());
        Set<String> told = new TreeSet<>();
        var looks = looks(SETTLE, cache(told));

        TrashReport report = looks.look(Optional.of(REQUEST), (run, keep) -> keep, () -> true);

        assertThat(told).hasSize(taken.size());
        assertThat(report.purged()).isEqualTo(Tally.NONE);
        assertThat(report.nextDue().getAsLong())
                .isGreaterThan(REQUESTED.plus(SETTLE).toEpochMilli());

        told.clear();
        assertThat(looks.look(Optional.of(REQUEST), (run, keep) -> keep, () -> true)
                        .purged())
                .isEqualTo(Tally.NONE);
        assertThat(told).as("once is enough").isEmpty();
    }

    @Test
    void aBlobThatTheCacheWasToldOfIsPurgedWhenItHasSettled() {
        sweep(Duration.ZERO, anOldImage());
        Set<String> told = new TreeSet<>();
        var looks = looks(Duration.ZERO, cache(told));
        looks.toldBySweep(RUN);

        assertThat(looks.look(Optional.of(REQUEST), (run, keep) -> keep, () -> true)
                        .purged()
                        .count())
                .isPositive();
        assertThat(told).isEmpty();
    }

    @Test
    void nothingIsPurgedThatTheCacheCannotBeTold() {
        sweep(Duration.ZERO, anOldImage());

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(
                        () -> looks(Duration.ZERO, away()).look(Optional.of(REQUEST), (run, keep) -> keep, () -> true));
        assertThat(noted.purged).isEmpty();
    }

    @Test
    void aNeededFileComesBackThoughTheCacheCannotBeTold() {
        String layer = registry.blob("layer");
        registry.age(Duration.ofDays(3));
        trash.take(RUN, List.of(data(layer)), () -> true);
        registry.repo("other").layerLink(layer);

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(
                        () -> looks(Duration.ZERO, away()).look(Optional.of(REQUEST), (run, keep) -> keep, () -> true));

        assertThat(registry.data(layer)).hasContent("layer");
    }

    @Test
    void theCacheIsToldOfALargeTrashInBatchesAsLongAsItMayGoOn() {
        List<String> blobs = IntStream.range(0, 2_500)
                .mapToObj(i -> data(registry.blob("blob " + i)))
                .toList();
        assertThat(trash.take(RUN, blobs, () -> true)).isEmpty();
        List<Integer> told = new ArrayList<>();
        var cache = new ForgetfulCache(gone -> told.add(gone.size()));

        assertThatExceptionOfType(StoppedException.class)
                .isThrownBy(() -> looks(SETTLE, cache(cache))
                        .look(Optional.of(REQUEST), (run, keep) -> keep, () -> told.isEmpty()));
        assertThat(told).allMatch(size -> size <= 1_000).hasSizeLessThanOrEqualTo(2);

        told.clear();
        looks(SETTLE, cache(cache)).look(Optional.of(REQUEST), (run, keep) -> keep, () -> true);
        assertThat(told)
                .as("each file twice")
                .allMatch(size -> size <= 1_000)
                .satisfies(sizes ->
                        assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(2 * blobs.size()));
    }

    /** Each process tells the cache once more, such as a collection a day. */
    @Test
    void aFileIsNoLongerKeptThanItWasToBeBecauseTheCacheIsToldAgain() {
        sweep(Duration.ofHours(1), anOldImage());
        long swept = trash.now();
        var looks = looks(Duration.ZERO, cache(new ForgetfulCache(gone -> awaitLaterThan(swept))));

        TrashReport report = looks.look(Optional.of(REQUEST), (run, keep) -> keep, () -> true);

        assertThat(report.nextDue().getAsLong())
                .isLessThanOrEqualTo(swept + Duration.ofHours(1).toMillis());
    }

    private void awaitLaterThan(long time) {
        while (trash.now() <= time) {
            Thread.onSpinWait();
        }
    }

    /** A link that another registry has would be lost there. */
    @Test
    void aReplicaOfAnotherRegistryIsToldOfNothing() throws Exception {
        sweep(Duration.ZERO, anOldImage());
        try (var other = new FakeReplica(request -> request.method().equals("POST")
                        ? new FakeReplica.Answer(
                                202, Map.of("Docker-Upload-UUID", "d5a19016-e603-4e55-957f-6cf20601537e"), "")
                        : FakeReplica.Answer.of(request.path().contains("/uploads/") ? 204 : 202));
                var memory = new ReplicaMemory(
                        Replicas.of(List.of(other.url()), Optional.empty(), Optional.empty())
                                .orElseThrow(),
                        storage)) {
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(() -> looks(Duration.ZERO, new CachePurge(Optional.of(memory)))
                            .look(Optional.of(REQUEST), (run, keep) -> keep, () -> true))
                    .withMessageContaining("has another storage");
            assertThat(other.requests()).allMatch(request -> request.path().startsWith("/v2/tidemark/probe/"));
        }
    }

    private static CachePurge away() {
        return cache(new ForgetfulCache(gone -> {
            throw new CacheException("it is away", null);
        }));
    }

    private static CachePurge cache(Set<String> told) {
        return cache(new ForgetfulCache(
                gone -> gone.forEach(each -> told.add(each.kind() + " " + each.repository() + each.digest()))));
    }

    /** By its clock each look at it takes minutes. */
    private static CachePurge cache(RegistryCache told) {
        var minutes = new AtomicLong();
        return new CachePurge(
                Optional.of(told),
                () -> Duration.ofMinutes(minutes.incrementAndGet()).toNanos());
    }
}
