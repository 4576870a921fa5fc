package dev.tidemark.schemas.text;

import java.util.Locale;

/** A number of things, in words. */
public final class Counted {

    private Counted() {}

    /**
     * {@code 1 partition}, {@code 1,234 partitions}, {@code 2 repositories}.
     *
     * @param noun in the singular
     */
    public static String of(long count, String noun) {
        String plural = noun.matches(".*[^aeiou]y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? noun : plural);
    }
}
