package dev.tidemark.testkit.live;

/**
 * A push that the registry has acknowledged.
 *
 * @param at when its client got the answer, as {@link System#nanoTime} tells it
 */
record Push(String repository, String tag, TinyImage image, long at) {

    @Override
    public String toString() {
        return repository + ":" + tag + " (" + image.digest() + ")";
    }
}
