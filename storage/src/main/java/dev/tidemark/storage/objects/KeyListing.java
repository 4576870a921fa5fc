package dev.tidemark.storage.objects;

import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Lists all keys with a prefix. Each page tells where the next one starts, so a long listing is slow by nature: after a
 * few pages, what is left is cut in two, and each part is listed by itself, and cut again, where a listing can begin at
 * any key.
 */
public final class KeyListing {

    /** Pages from which on a listing is long. */
    static final int LONG = 4;

    private static final Comparator<Object> BY_KEY = Comparator.comparing(Object::key, KeyOrder.BYTES);

    private final Pages pages;
    private final int atOnce;

    /** An object as a listing says it. */
    public record Object(String key, Storage.Stat stat) {}

    /**
     * @param next where the listing goes on, or null at its end
     */
    public record Page(List<Object> objects, String next) {

        List<String> keys() {
            return objects.stream().map(Object::key).toList();
        }
    }

    /** Where pages come from. */
    public interface Pages {
        /**
         * The next page of the keys with the prefix.
         *
         * @param after only greater keys, on the first page; null for all, and where a listing can't begin anywhere
         * @param token null for the first page
         */
        Page get(String prefix, String after, String token);

        /** Whether a listing can begin at any key. */
        default boolean beginAnywhere() {
            return true;
        }

        /**
         * The order that the keys of a listing have to keep.
         *
         * @param after what the first key has to be greater than; null if it may be any
         */
        default KeyOrder order(String after) {
            return new KeyOrder(after);
        }
    }

    /**
     * @param atOnce how many pages may be on their way at once
     */
    public KeyListing(Pages pages, int atOnce) {
        this.pages = pages;
        this.atOnce = atOnce;
    }

    /**
     * All objects, in the order of their keys.
     *
     * @param cut all keys before it are listed before any key from it on is
     * @throws StorageException if any page can't be had, or keys come in an order that may have left some out
     */
    public List<Object> list(String prefix, Optional<String> cut) {
        List<Object> all = new ArrayList<>();
        if (ends(prefix, null, null, all)) {
            return all;
        }
        String last = all.getLast().key();
        String end = prefix + KeyCut.HIGHEST;
        List<Parts> parts = new ArrayList<>();
        if (cut.isPresent() && KeyOrder.BYTES.compare(last, cut.get()) < 0) {
            parts.add(new Parts(prefix, last, cut.get()));
            last = cut.get();
        }
        parts.add(new Parts(prefix, last, end));
        parts.add(new Parts(prefix, end, null));
        parts.forEach(some -> all.addAll(some.list()));
        parts.forEach(some -> some.requireIn(all));
        return all;
    }

    /**
     * The objects with greater keys than the first, up to the second and with it, in order.
     *
     * @param prefix of all of them
     * @throws StorageException if any page can't be had
     */
    public List<Object> between(String prefix, String after, String upTo) {
        List<Object> all = new ArrayList<>();
        if (!pages.beginAnywhere()) {
            ends(KeyCut.common(after, upTo), null, upTo, all);
            all.removeIf(object -> KeyOrder.BYTES.compare(object.key(), after) <= 0);
            return all;
        }
        if (!ends(prefix, after, upTo, all)) {
            all.addAll(new Parts(prefix, all.getLast().key(), upTo).list());
        }
        return all;
    }

    /**
     * Adds the objects of the first few pages, until there are some: a page may have none and not be the last. Whether
     * these were all.
     */
    private boolean ends(String prefix, String after, String upTo, List<Object> all) {
        String token = null;
        var order = pages.order(after);
        for (int page = 0; page < LONG || all.isEmpty() || !pages.beginAnywhere(); page++) {
            Page next = pages.get(prefix, after, token);
            if (upTo != null || token != null || next.next() != null) {
                order.page(next.keys());
            }
            for (Object object : next.objects()) {
                if (upTo != null && KeyOrder.BYTES.compare(object.key(), upTo) > 0) {
                    return true;
                }
                all.add(object);
            }
            token = next.next();
            if (token == null) {
                return true;
            }
        }
        return false;
    }

    /** The parts of one long listing. */
    private final class Parts {

        private final String prefix;
        private final String after;
        private final String upTo;
        private final SortedMap<String, List<Object>> found = new TreeMap<>(KeyOrder.BYTES);
        /** The first key that each part has met behind its end: by it a part knows that it has seen all keys before. */
        private final Set<String> met = ConcurrentHashMap.newKeySet();

        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final Semaphore requests = new Semaphore(atOnce);
        private final Phaser working = new Phaser(1);

        /**
         * @param upTo null for all keys that are greater than the first
         */
        Parts(String prefix, String after, String upTo) {
            this.prefix = prefix;
            this.after = after;
            this.upTo = upTo;
        }

        /** The objects with greater keys than the first, up to the second and with it. */
        List<Object> list() {
            begin(after, upTo);
            try {
                working.awaitAdvanceInterruptibly(working.arrive());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                StorageException interrupted =
                        StorageException.settled("interrupted while the keys with " + prefix + " were listed", e);
                failure.compareAndSet(null, interrupted);
                throw interrupted;
            }
            if (failure.get() instanceof RuntimeException e) {
                throw e;
            } else if (failure.get() instanceof Error e) {
                throw e;
            }
            return found.values().stream().flatMap(List::stream).toList();
        }

        /**
         * Where one part ends and the next begins nothing is left out if both list the same key there.
         *
         * @param all what these and the next parts have listed, in order
         */
        void requireIn(List<Object> all) {
            for (String key : met) {
                if (Collections.binarySearch(all, new Object(key, null), BY_KEY) < 0) {
                    throw new StorageException("the server listed " + key
                            + ", and then left it out: it was deleted in between, or keys come in another "
                            + "order than by their bytes");
                }
            }
        }

        private void begin(String from, String end) {
            working.register();
            Thread.ofVirtual().start(() -> {
                try {
                    part(from, end);
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                } finally {
                    working.arriveAndDeregister();
                }
            });
        }

        private void part(String from, String upTo) {
            List<Object> objects = new ArrayList<>();
            var order = pages.order(from);
            String end = upTo;
            String token = null;
            String behind = null;
            for (int page = 1; failure.get() == null; page++) {
                Page next = page(from, token);
                order.page(next.keys());
                for (Object object : next.objects()) {
                    if (end == null || KeyOrder.BYTES.compare(object.key(), end) <= 0) {
                        objects.add(object);
                    } else if (behind == null) {
                        behind = object.key();
                    }
                }
                token = next.next();
                if (token == null || behind != null) {
                    break;
                }
                boolean cut = page % LONG == 1 && end != null && !next.objects().isEmpty();
                String middle = cut
                        ? KeyCut.middle(
                                next.objects().getFirst().key(),
                                next.objects().getLast().key(),
                                end)
                        : null;
                if (middle != null) {
                    begin(middle, end);
                    end = middle;
                }
            }
            if (behind != null) {
                met.add(behind);
            }
            synchronized (found) {
                found.put(from, objects);
            }
        }

        private Page page(String from, String token) {
            requests.acquireUninterruptibly();
            try {
                return pages.get(prefix, from, token);
            } finally {
                requests.release();
            }
        }
    }
}
