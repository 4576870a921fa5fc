package dev.tidemark.bench.tree;

import dev.tidemark.bench.output.BenchException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of a generated registry.
 *
 * @param name as it is written, and the tree's directory is called: 25k, 260k, 1m
 * @param leftovers how many there are of what clients, and other collectors, leave behind
 */
public record TreeSize(String name, int blobs, int tags, int leftovers) {

    private static final Pattern NUMBER = Pattern.compile("(\\d{1,7})([km]?)");

    /** Tags for every thousand blobs, where the size isn't one of those with a number of its own. */
    private static final int TAGS_PER_THOUSAND = 100;

    public static TreeSize of(String text) {
        String name = text.trim().toLowerCase(Locale.ROOT);
        Matcher number = NUMBER.matcher(name);
        if (!number.matches()) {
            throw new BenchException("'" + text + "' is no size. Write 25k, 260k, 1m or any number of blobs.");
        }
        long blobs = Long.parseLong(number.group(1))
                * switch (number.group(2)) {
                    case "k" -> 1_000;
                    case "m" -> 1_000_000;
                    default -> 1;
                };
        if (blobs < 100 || blobs > 20_000_000) {
            throw new BenchException("a size is from 100 to 20m blobs, not '" + text + "'");
        }
        return new TreeSize(name, (int) blobs, blobs == 260_000 ? 27_000 : (int) (blobs * TAGS_PER_THOUSAND / 1000), 0);
    }

    /** The same with so many leftovers, in a directory of its own. */
    public TreeSize with(int some) {
        return some == 0 ? this : new TreeSize(name + "-" + some + "-leftovers", blobs, tags, some);
    }
}
