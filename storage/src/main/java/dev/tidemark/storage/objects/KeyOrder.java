package dev.tidemark.storage.objects;

import dev.tidemark.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which keys are listed, and whether a server keeps it, page after page. A listing goes on after a key,
 * and is cut at one: where keys come in another order, this can leave some out.
 */
public final class KeyOrder {

    /** By the bytes of their UTF-8. */
    public static final Comparator<String> BYTES =
            Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private static final String ADVICE = "Another server, or a newer version of this one, has to serve the bucket";

    private final String advice;
    private String last;

    /** @param after a key that the first one has to be greater than; null if it may be any */
    public KeyOrder(String after) {
        this(after, ADVICE);
    }

    /** @param advice what to do about a server with an order of its own */
    public KeyOrder(String after, String advice) {
        last = after;
        this.advice = advice;
    }

    /**
     * Takes the keys of the next page.
     *
     * @throws StorageException unless each is greater than the one before it
     */
    public void page(List<String> keys) {
        for (String key : keys) {
            if (last != null && BYTES.compare(last, key) >= 0) {
                throw StorageException.settled(
                        "the server does not list keys in the order of their bytes, “" + key + "” comes after “" + last
                                + "”: what its listings leave out can't be told. " + advice,
                        null);
            }
            last = key;
        }
    }
}
