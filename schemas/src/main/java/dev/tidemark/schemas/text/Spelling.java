package dev.tidemark.schemas.text;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Finds the word that was meant by a misspelt one: the one that takes the fewest letters to be added, left out or
 * replaced.
 */
public final class Spelling {

    private Spelling() {}

    /** The nearest of the known words, the first of several; empty if none is known. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        return known.stream().min(Comparator.comparingInt(each -> distance(each, word)));
    }

    /** Whether no more than a third of a known word's letters are wrong. */
    public static boolean similar(String word, String known) {
        return distance(known, word) <= known.length() / 3;
    }

    private static int distance(String a, String b) {
        int[] last = new int[b.length() + 1];
        Arrays.setAll(last, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int[] next = new int[b.length() + 1];
            next[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                next[j] = Math.min(replaced, Math.min(last[j], next[j - 1]) + 1);
            }
            last = next;
        }
        return last[b.length()];
    }
}
