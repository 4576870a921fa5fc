package dev.tidemark.storage.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemark.storage.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KeyListingTest extends KeysOnPages {

    /** Each key comes once, and all in order, whatever keys there are and however few fit on a page. */
    @Property(tries = 500)
    void listsEveryKeyOnceAndInOrder(
            @ForAll @IntRange(max = 400) int keys,
            @ForAll @IntRange(min = 1, max = 20) int pageSize,
            @ForAll boolean anywhere,
            @ForAll long seed) {
        var random = new Random(seed);
        var bucket = new Bucket(randomKeys(random, keys), pageSize);
        bucket.anywhere = anywhere;

        List<KeyListing.Object> listed = new KeyListing(bucket, 4).list(PREFIX, cut(random));

        assertThat(listed).extracting(KeyListing.Object::key).isEqualTo(List.copyOf(bucket.withPrefix()));
    }

    @Property(tries = 300)
    void nothingBeforeTheCutIsAskedForAfterSomethingBehindIt(
            @ForAll @IntRange(max = 400) int keys,
            @ForAll @IntRange(min = 1, max = 10) int pageSize,
            @ForAll long seed) {
        var bucket = new Bucket(randomKeys(new Random(seed), keys), pageSize);
        String cut = PREFIX + "tags/";

        List<KeyListing.Object> listed = new KeyListing(bucket, 4).list(PREFIX, Optional.of(cut));

        assertThat(listed).hasSize(bucket.withPrefix().size());
        List<String> afters = bucket.startedAfter;
        int firstBehind = IntStream.range(0, afters.size())
                .filter(i -> afters.get(i).compareTo(cut) >= 0)
                .findFirst()
                .orElse(afters.size());
        assertThat(afters.subList(firstBehind, afters.size())).allMatch(after -> after.compareTo(cut) >= 0);
    }

    /** Whether the two are keys of the bucket or not. */
    @Property(tries = 500)
    void listsEveryKeyBetweenTwoOnceAndInOrder(
            @ForAll @IntRange(max = 400) int keys,
            @ForAll @IntRange(min = 1, max = 20) int pageSize,
            @ForAll boolean anywhere,
            @ForAll long seed) {
        var random = new Random(seed);
        var bucket = new Bucket(randomKeys(random, keys), pageSize);
        bucket.anywhere = anywhere;
        List<String> ends = Stream.concat(
                        bucket.withPrefix().stream()
                                .skip(random.nextInt(keys + 1))
                                .limit(1),
                        randomKeys(random, 2).stream())
                .filter(key -> key.startsWith(PREFIX))
                .sorted(KeyOrder.BYTES)
                .toList();
        String after = ends.getFirst();
        String upTo = ends.getLast();

        List<KeyListing.Object> listed = new KeyListing(bucket, 4).between(PREFIX, after, upTo);

        assertThat(listed)
                .extracting(KeyListing.Object::key)
                .isEqualTo(bucket.withPrefix().stream()
                        .filter(key -> KeyOrder.BYTES.compare(key, after) > 0 && KeyOrder.BYTES.compare(key, upTo) <= 0)
                        .toList());
    }

    /** A server that has looked through many keys that are deleted may answer with none, and say where it goes on. */
    @Property(tries = 500)
    void aPageWithoutKeysIsNotTheLast(
            @ForAll @IntRange(max = 200) int keys,
            @ForAll @IntRange(min = 1, max = 20) int pageSize,
            @ForAll long seed) {
        var random = new Random(seed);
        var bucket = new Bucket(randomKeys(random, keys), pageSize);
        bucket.emptyPages = random.nextInt(1, 8);

        assertThat(new KeyListing(bucket, 4).list(PREFIX, cut(random)))
                .hasSize(bucket.withPrefix().size());
        assertThat(new KeyListing(bucket, 4).between(PREFIX, PREFIX, PREFIX + "\uffff"))
                .hasSize(bucket.withPrefix().size());
    }

    @Test
    void betweenTwoKeysNoPageBehindTheLastIsAskedFor() {
        var bucket = new Bucket(
                IntStream.range(0, 5000)
                        .mapToObj(i -> PREFIX + "%05d".formatted(i))
                        .collect(Collectors.toSet()),
                1000);

        List<KeyListing.Object> listed = new KeyListing(bucket, 4).between(PREFIX, PREFIX + "00999", PREFIX + "01900");

        assertThat(listed).hasSize(901);
        assertThat(bucket.pages.get()).isEqualTo(1);
    }

    @Test
    void aShortListingTakesNoMorePagesThanItHas() {
        for (int keys : List.of(0, 1, 999, 1000, 1001, 3999)) {
            var bucket = new Bucket(
                    IntStream.range(0, keys)
                            .mapToObj(i -> PREFIX + "revisions/%05d".formatted(i))
                            .collect(Collectors.toSet()),
                    1000);

            new KeyListing(bucket, 4).list(PREFIX, Optional.empty());

            assertThat(bucket.pages.get()).as("%d keys", keys).isEqualTo(Math.max(1, (keys + 999) / 1000));
        }
    }

    @Test
    void aLongListingOfDigestsIsCutAndCostsLittleMore() {
        var random = new Random(1);
        Set<String> keys = new TreeSet<>();
        while (keys.size() < 100_000) {
            keys.add(PREFIX + "revisions/sha256/%016x%016x/link".formatted(random.nextLong(), random.nextLong()));
        }
        var bucket = new Bucket(keys, 1000);

        List<KeyListing.Object> listed = new KeyListing(bucket, 64).list(PREFIX, Optional.empty());

        assertThat(listed).hasSize(100_000);
        assertThat(bucket.pages.get()).isBetween(100, 170);
        assertThat(bucket.longestChain()).as("pages one after the other").isLessThan(40);
    }

    @Test
    void aPageThatFailsFailsTheListingWhereverItIs() {
        Set<String> keys = IntStream.range(0, 5_000)
                .mapToObj(i -> PREFIX + "%x".formatted(i * 7919))
                .collect(Collectors.toSet());
        var whole = new Bucket(keys, 100);
        new KeyListing(whole, 8).list(PREFIX, Optional.empty());
        for (int page = 1; page <= whole.pages.get() - 10; page += 3) {
            var bucket = new Bucket(keys, 100);
            bucket.failing = page;

            assertThatThrownBy(() -> new KeyListing(bucket, 8).list(PREFIX, Optional.empty()))
                    .as("page %d", page)
                    .isInstanceOf(StorageException.class)
                    .hasMessage("page lost");
        }
    }

    @Test
    void anInterruptedListingWaitsForNoPage() throws InterruptedException {
        Set<String> keys = IntStream.range(0, 5_000)
                .mapToObj(i -> PREFIX + "%x".formatted(i * 7919))
                .collect(Collectors.toSet());
        var bucket = new Bucket(keys, 100);
        var asked = new CountDownLatch(KeyListing.LONG + 1);
        var answer = new CompletableFuture<Void>();
        var failure = new AtomicReference<Throwable>();
        Thread caller = Thread.ofVirtual()
                .start(() -> failure.set(catchThrowable(() -> new KeyListing(
                                (prefix, after, token) -> {
                                    asked.countDown();
                                    if (asked.getCount() == 0) {
                                        answer.join();
                                    }
                                    return bucket.get(prefix, after, token);
                                },
                                8)
                        .list(PREFIX, Optional.empty()))));
        asked.await();

        caller.interrupt();
        assertThat(caller.join(Duration.ofMinutes(2))).isTrue();

        assertThat(failure.get()).isInstanceOf(StorageException.class).hasMessageContaining("interrupted");
        answer.complete(null);
    }
}
