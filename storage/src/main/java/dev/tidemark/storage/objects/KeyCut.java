package dev.tidemark.storage.objects;

import java.util.regex.Pattern;

/** Where a long listing is cut in two: a key about in the middle of what is left. It need not exist. */
public final class KeyCut {

    /** Greater than the characters of all paths that a registry writes. */
    public static final char HIGHEST = 0x7f;

    private static final char LOWEST = ' ';
    private static final char AFTER_HEX = 'g';
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{16}");

    private KeyCut() {}

    /**
     * Where to cut what is left of a listing: about in the middle of the directory that it is in, or of all that is
     * left.
     *
     * @param first of the keys of a page
     * @param last of them
     * @param end of what is left
     * @return null if there is nothing between them
     */
    static String middle(String first, String last, String end) {
        int same = common(first, last).length();
        String directory = last.substring(0, last.lastIndexOf('/', same - 1) + 1);
        boolean digests = last.startsWith(directory)
                && HEX.matcher(last.substring(directory.length())).lookingAt();
        String near = between(last, directory + (digests ? AFTER_HEX : HIGHEST));
        if (inside(near, last, end)) {
            return near;
        }
        String middle = between(last, end);
        return inside(middle, last, end) ? middle : null;
    }

    /** The prefix that both have in common. */
    static String common(String one, String other) {
        int same = 0;
        while (same < one.length() && same < other.length() && one.charAt(same) == other.charAt(same)) {
            same++;
        }
        return one.substring(0, same);
    }

    private static boolean inside(String key, String low, String high) {
        return key != null && KeyOrder.BYTES.compare(key, low) > 0 && KeyOrder.BYTES.compare(key, high) < 0;
    }

    /**
     * A key between the two, about in the middle as far as their first different character tells; null if there is
     * none.
     */
    static String between(String low, String high) {
        int same = common(low, high).length();
        if (same == high.length()) {
            return null;
        }
        char from = same < low.length() ? low.charAt(same) : LOWEST;
        int middle = (from + high.charAt(same)) / 2;
        if (middle > from && middle < HIGHEST) {
            return high.substring(0, same) + (char) middle;
        }
        if (same >= low.length()) {
            return null;
        }
        // Neighbours: somewhere after the lower one's next character.
        char next = same + 1 < low.length() ? low.charAt(same + 1) : LOWEST;
        int after = (next + HIGHEST) / 2;
        return after > next && after < HIGHEST ? low.substring(0, same + 1) + (char) after : null;
    }
}
