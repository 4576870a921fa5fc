package dev.tidemark.storage.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.StorageException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A bucket whose keys are listed page by page. */
abstract class KeysOnPages {

    static final String PREFIX = "repositories/app/_manifests/";

    static Optional<String> cut(Random random) {
        return random.nextBoolean() ? Optional.empty() : Optional.of(PREFIX + "tags/");
    }

    static Set<String> randomKeys(Random random, int count) {
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
    static final class Bucket implements KeyListing.Pages {

        private final NavigableSet<String> keys;
        private final int pageSize;
        final AtomicInteger pages = new AtomicInteger();
        /** Where each page began, in the order in which they were asked for. */
        final List<String> startedAfter = Collections.synchronizedList(new ArrayList<>());

        private final AtomicInteger longest = new AtomicInteger();
        int failing;
        /** After each page with keys, and before the first one. */
        int emptyPages;
        /** Whether a listing can begin at any key. */
        boolean anywhere = true;

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
