package dev.tidemark.bench.bucket;

import dev.tidemark.bench.bucket.ObjectStore.Stored;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The content of an object, or the part of it that a range asks for. */
final class StoredContent {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");

    private StoredContent() {}

    /**
     * @param range a header's value; empty for all
     * @param headers of the answer
     * @return empty if nothing is in the range
     */
    static Optional<Response> of(Stored object, String range, Map<String, String> headers) {
        byte[] bytes = object.bytes();
        Matcher asked = RANGE.matcher(range);
        if (!asked.matches() || (asked.group(1).isEmpty() && asked.group(2).isEmpty())) {
            return Optional.of(Response.of(200, headers, bytes));
        }
        boolean suffix = asked.group(1).isEmpty();
        int from = suffix
                ? Math.max(0, bytes.length - Integer.parseInt(asked.group(2)))
                : (int) Math.min(bytes.length, Long.parseLong(asked.group(1)));
        int to = suffix || asked.group(2).isEmpty()
                ? bytes.length
                : (int) Math.min(bytes.length, Long.parseLong(asked.group(2)) + 1);
        if (from >= to) {
            return Optional.empty();
        }
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, bytes.length));
        return Optional.of(Response.of(206, all, Arrays.copyOfRange(bytes, from, to)));
    }
}
