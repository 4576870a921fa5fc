package dev.tidemark.storage.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KeyListingTest {

    private static final String PREFIX = "repositories/app/_manifests/";

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

    /**
     * Servers that keep objects as files walk directories, and so list "1.0/" before "1.0.1/"; others encrypt keys, and
     * sort what comes out. Then what is cut or gone on with by a key may leave some out.
     */
    @Property(tries = 2000)
    void aServerWithAnOrderOfItsOwnIsFoundOutOrListedWhole(
            @ForAll Order order,
            @ForAll @IntRange(max = 200) int keys,
            @ForAll @IntRange(min = 1, max = 20) int pageSize,
            @ForAll long seed) {
        var random = new Random(seed);
        var bucket = new Bucket(randomKeys(random, keys), pageSize, order.keys);

        List<KeyListing.Object> listed;
        try {
            listed = new KeyListing(bucket, 4).list(PREFIX, cut(random));
        } catch (StorageException e) {
            assertThat(e).hasMessageContaining("order");
            return;
        }

        assertThat(listed).extracting(KeyListing.Object::key).containsExactlyInAnyOrderElementsOf(bucket.withPrefix());
    }

    enum Order {
        DIRECTORIES(Comparator.comparing(key -> key.replace('/', '\0'))),
        ANY_CASE(String.CASE_INSENSITIVE_ORDER.thenComparing(KeyOrder.BYTES)),
        ENCRYPTED(Comparator.<String, Integer>comparing(key -> key.hashCode() * 0x9e3779b1)
                .thenComparing(KeyOrder.BYTES));

        private final Comparator<String> keys;

        Order(Comparator<String> keys) {
            this.keys = keys;
        }
    }

    @Test
    void keysBetweenTwoAreNotToldFromAListingInAnotherOrder() {
        var backwards = new Bucket(Set.of(PREFIX + "a", PREFIX + "b", PREFIX + "c"), 10, KeyOrder.BYTES.reversed());

        assertThatThrownBy(() -> new KeyListing(backwards, 4).between(PREFIX, PREFIX + "d", PREFIX + "e"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("order");
    }

    @Test
    void onePageIsWholeWhateverItsOrder() {
        var bucket = new Bucket(
                Set.of(PREFIX + "tags/1.0/current/link", PREFIX + "tags/1.0.1/current/link"),
                10,
                Order.DIRECTORIES.keys);

        assertThat(new KeyListing(bucket, 4).list(PREFIX, Optional.of(PREFIX + "tags/")))
                .hasSize(2);
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

    private static Optional<String> cut(Random random) {
        return random.nextBoolean() ? Optional.empty() : Optional.of(PREFIX + "tags/");
    }

    private static Set<String> randomKeys(Random random, int count) {
        Set<String> keys = new TreeSet<>(List.of("repositories/aaa", "repositories/app/_manifestz", "z"));
        String alphabet = random.nextBoolean() ? "0123456789abcdef" : "ab/._-~\u00e9\u4e2d AZ";
        for (int i = 0; i < count; i++) {
            var key = new StringBuilder(PREFIX).append(random.nextInt(3) == 0 ? "tags/" : "revisions/");
            for (int length = 1 + random.nextInt(6); length > 0; length--) {
                key.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            keys.add(key.toString());
        }
        return keys;
    }

    /** A bucket that hands out pages, and notes what it has handed out. */
    private static final class Bucket implements KeyListing.Pages {

        private final NavigableSet<String> keys;
        private final int pageSize;
        private final AtomicInteger pages = new AtomicInteger();
        /** Where each page began, in the order in which they were asked for. */
        private final List<String> startedAfter = Collections.synchronizedList(new ArrayList<>());

        private final AtomicInteger longest = new AtomicInteger();
        private int failing;
        /** After each page with keys, and before the first one. */
        private int emptyPages;
        /** Whether a listing can begin at any key. */
        private boolean anywhere = true;

        Bucket(Set<String> keys, int pageSize) {
            this(keys, pageSize, KeyOrder.BYTES);
        }

        Bucket(Set<String> keys, int pageSize, Comparator<String> order) {
            this.keys = new TreeSet<>(order);
            this.keys.addAll(keys);
            this.pageSize = pageSize;
        }

        NavigableSet<String> withPrefix() {
            return keys.stream()
                    .filter(key -> key.startsWith(PREFIX))
                    .collect(Collectors.toCollection(() -> new TreeSet<>(KeyOrder.BYTES)));
        }

        int longestChain() {
            return longest.get();
        }

        @Override
        public boolean beginAnywhere() {
            return anywhere;
        }

        @Override
        public KeyListing.Page get(String prefix, String after, String token) {
            assertThat(after == null || anywhere).isTrue();
            if (pages.incrementAndGet() == failing) {
                throw new StorageException("page lost");
            }
            int chain = token == null ? 1 : Integer.parseInt(token.substring(0, token.indexOf(' '))) + 1;
            longest.accumulateAndGet(chain, Math::max);
            String from = token == null ? after : token.substring(token.indexOf(' ') + 1);
            startedAfter.add(from == null ? "" : from);
            if (emptyPages > 0 && chain % (emptyPages + 1) > 0) {
                return new KeyListing.Page(List.of(), chain + " " + (from == null ? "" : from));
            }
            List<String> rest = (from == null ? keys : keys.tailSet(from, false))
                    .stream()
                            .filter(key -> key.startsWith(prefix))
                            .limit(pageSize + 1L)
                            .toList();
            List<String> page = rest.subList(0, Math.min(pageSize, rest.size()));
            String next = rest.size() > pageSize ? chain + " " + page.getLast() : null;
            return new KeyListing.Page(
                    page.stream()
                            .map(key -> new KeyListing.Object(key, new Stat(1, 1)))
                            .toList(),
                    next);
        }
    }
}
