package dev.tidemark.storage.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.objects.KeyListing;
import dev.tidemark.storage.s3.VersionIndex.Entry;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lists of files in the trash of a bucket, each of which is an object. Those that were used last are kept; of each
 * other one, which files it has, at some twenty bytes a file: a file itself takes four hundred, and a trash may have
 * ten million.
 */
final class VersionBatches {

    private static final Logger LOG = LoggerFactory.getLogger(VersionBatches.class);

    private static final int READS_AT_ONCE = 64;

    private final Function<String, List<KeyListing.Object>> listing;
    private final Function<String, Optional<byte[]>> reading;
    /** By key: it stays true as long as the listing says the same of the object. */
    private final Map<String, Names> names = new ConcurrentHashMap<>();

    private final Map<String, Batch> lately;

    /**
     * A list that was read.
     *
     * @param since when its files came into the trash, in ms since the epoch
     * @param files by path
     */
    record Batch(KeyListing.Object object, long since, SortedMap<String, Entry> files) {}

    /**
     * The content of an object.
     *
     * @param since ms since the epoch; null where it is the time of the object itself
     */
    record Content(Long since, List<Entry> files) {

        Content {
            files = List.copyOf(files);
        }

        byte[] json() {
            try {
                return JsonSerde.MAPPER.writeValueAsBytes(this);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /**
     * The part of a list that is kept in memory: hashes stand for its paths.
     *
     * @param hashes of the paths of its files, and of all directories above them, sorted
     */
    private record Names(KeyListing.Object object, long since, long[] hashes) {

        static Names of(Batch batch) {
            return new Names(
                    batch.object(),
                    batch.since(),
                    batch.files().keySet().stream()
                            .flatMapToLong(path -> Arrays.stream(hashes(path)))
                            .sorted()
                            .distinct()
                            .toArray());
        }

        boolean hasAny(long[] sought) {
            return LongStream.of(sought).anyMatch(hash -> Arrays.binarySearch(hashes, hash) >= 0);
        }

        /** Of each directory in the path, and of the path itself, which is the last (FNV-1a). */
        static long[] hashes(String path) {
            long[] all = new long[(int) path.chars().filter(c -> c == '/').count() + 1];
            long hash = 0xcbf29ce484222325L;
            int found = 0;
            for (int i = 0; i < path.length(); i++) {
                if (path.charAt(i) == '/') {
                    all[found++] = hash;
                }
                hash = (hash ^ path.charAt(i)) * 0x100000001b3L;
            }
            all[found] = hash;
            return all;
        }

        static long hash(String path) {
            long[] all = hashes(path);
            return all[all.length - 1];
        }
    }

    /**
     * @param listing lists the objects whose keys have a prefix
     * @param reading reads an object by its key; empty if it is gone
     * @param most how many lists are kept
     */
    VersionBatches(
            Function<String, List<KeyListing.Object>> listing, Function<String, Optional<byte[]>> reading, int most) {
        this.listing = listing;
        this.reading = reading;
        lately = new LinkedHashMap<>(most, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Batch> eldest) {
                return size() > most;
            }
        };
    }

    /** Hands out all lists whose keys have a prefix, those that came first first. */
    void each(String prefix, Consumer<Batch> to) {
        handOut(listed(prefix), to);
    }

    /**
     * Hands out, in the same way, those that have a file of one of these paths, or below one of them; now and then
     * another one, too.
     */
    void each(String prefix, Collection<String> paths, Consumer<Batch> to) {
        long[] sought = paths.stream().mapToLong(Names::hash).toArray();
        handOut(listed(prefix).stream().filter(known -> known.hasAny(sought)).toList(), to);
    }

    private void handOut(List<Names> wanted, Consumer<Batch> to) {
        for (int from = 0; from < wanted.size(); from += READS_AT_ONCE) {
            List<Names> some = wanted.subList(from, Math.min(wanted.size(), from + READS_AT_ONCE));
            Parallel.map(some, READS_AT_ONCE, known -> read(known.object())).stream()
                    .flatMap(Optional::stream)
                    .forEach(to);
        }
    }

    private List<Names> listed(String prefix) {
        List<KeyListing.Object> listed = listing.apply(prefix);
        Set<String> there = new HashSet<>();
        listed.forEach(object -> there.add(object.key()));
        names.keySet().removeIf(key -> key.startsWith(prefix) && !there.contains(key));
        return Parallel.map(listed, READS_AT_ONCE, this::known).stream()
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingLong(Names::since))
                .toList();
    }

    private Optional<Names> known(KeyListing.Object object) {
        Names known = names.get(object.key());
        if (known != null && known.object().equals(object)) {
            return Optional.of(known);
        }
        Optional<Names> read = read(object).map(Names::of);
        read.ifPresent(now -> names.put(object.key(), now));
        return read;
    }

    /** Empty if it is gone. */
    Optional<Batch> read(KeyListing.Object object) {
        synchronized (lately) {
            Batch known = lately.get(object.key());
            if (known != null && known.object().equals(object)) {
                return Optional.of(known);
            }
        }
        Optional<Batch> batch = reading.apply(object.key()).map(bytes -> parsed(object, bytes));
        synchronized (lately) {
            batch.ifPresent(now -> lately.put(object.key(), now));
        }
        return batch;
    }

    /** The object is gone: a run whose trash has ended is listed no more. */
    void forget(String key) {
        names.remove(key);
        synchronized (lately) {
            lately.remove(key);
        }
    }

    /** An object that can't be read as a list has no files. It stays, and so do the versions that it may name. */
    private static Batch parsed(KeyListing.Object object, byte[] bytes) {
        try {
            Content content = JsonSerde.MAPPER.readValue(bytes, Content.class);
            SortedMap<String, Entry> files = new TreeMap<>();
            content.files().forEach(entry -> files.put(entry.path(), entry));
            return new Batch(object, content.since() == null ? object.stat().modified() : content.since(), files);
        } catch (IOException e) {
            LOG.warn("{} is no list of files in the trash, it is passed over: {}", object.key(), e.getMessage());
            return new Batch(object, object.stat().modified(), new TreeMap<>());
        }
    }
}
