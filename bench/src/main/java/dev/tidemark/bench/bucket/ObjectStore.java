package dev.tidemark.bench.bucket;

import dev.tidemark.bench.tree.DigestSet;
import dev.tidemark.bench.tree.Sha256;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The objects of one bucket, in memory, sorted by key. */
public final class ObjectStore {

    /** @param md5 of the bytes, in hexadecimal digits */
    record Stored(byte[] bytes, String md5, Instant modified) {}

    record Listed(String key, Stored object) {}

    /**
     * A page of a listing.
     *
     * @param prefixes what keys are grouped under, if there is a delimiter
     * @param last the last key or prefix of the page, after which the next page begins; null if there is none
     */
    record Page(List<Listed> objects, List<String> prefixes, String last) {}

    private static final Pattern BLOB = Pattern.compile(".*/blobs/sha256/[0-9a-f]{2}/([0-9a-f]{64})/data");
    private static final char AFTER_ALL = '\uffff';

    private final ConcurrentNavigableMap<String, Stored> objects = new ConcurrentSkipListMap<>();
    private final Map<String, Stored> deleted = new ConcurrentHashMap<>();

    public void put(String key, byte[] bytes, Instant modified) {
        objects.put(key, new Stored(bytes, HexFormat.of().formatHex(Sha256.hash("MD5", bytes)), modified));
    }

    Optional<Stored> get(String key) {
        return Optional.ofNullable(objects.get(key));
    }

    void delete(String key) {
        Stored object = objects.remove(key);
        if (object != null) {
            deleted.put(key, object);
        }
    }

    /** Brings back what was deleted. */
    void restore() {
        objects.putAll(deleted);
        deleted.clear();
    }

    /** The blobs of the registry that is in it. */
    DigestSet blobs() {
        DigestSet blobs = DigestSet.EMPTY;
        for (String key : objects.keySet()) {
            Matcher blob = BLOB.matcher(key);
            if (blob.matches()) {
                blobs = blobs.plus(new Sha256(blob.group(1)));
            }
        }
        return blobs;
    }

    /**
     * @param delimiter groups keys; empty for none
     * @param after a key or a prefix that was the last one of the page before; empty for the first page
     * @param including whether the key itself is listed, too
     */
    Page list(String prefix, String delimiter, String after, boolean including, int most) {
        List<Listed> listed = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        String last = null;
        Iterator<Map.Entry<String, Stored>> keys = from(prefix, delimiter, after, including);
        while (keys.hasNext()) {
            Map.Entry<String, Stored> next = keys.next();
            String key = next.getKey();
            if (!key.startsWith(prefix)) {
                break;
            }
            if (listed.size() + prefixes.size() == most) {
                return new Page(listed, prefixes, last == null ? after : last);
            }
            int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            if (end < 0) {
                listed.add(new Listed(key, next.getValue()));
                last = key;
            } else {
                last = key.substring(0, end + delimiter.length());
                prefixes.add(last);
                keys = objects.tailMap(last + AFTER_ALL, false).entrySet().iterator();
            }
        }
        return new Page(listed, prefixes, null);
    }

    private Iterator<Map.Entry<String, Stored>> from(String prefix, String delimiter, String after, boolean including) {
        if (after.compareTo(prefix) < 0 || after.isEmpty()) {
            return objects.tailMap(prefix, true).entrySet().iterator();
        }
        boolean group = !delimiter.isEmpty() && after.endsWith(delimiter) && after.length() > prefix.length();
        return objects.tailMap(group ? after + AFTER_ALL : after, including)
                .entrySet()
                .iterator();
    }
}
