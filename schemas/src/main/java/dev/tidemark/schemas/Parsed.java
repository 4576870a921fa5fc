package dev.tidemark.schemas;

/**
 * A record as it came off a topic. One that can't be read is a value too, not an exception: a service that meets it
 * knows where it lies, sets it aside and fails the run, and goes on serving.
 */
public sealed interface Parsed<T> {

    /** A record that could be read. */
    record Readable<T>(T value) implements Parsed<T> {}

    /**
     * A record that could not.
     *
     * @param bytes as they came; null if there were none
     */
    record Unreadable<T>(byte[] bytes, String why) implements Parsed<T> {

        /** A record without a value. */
        static <T> Unreadable<T> empty() {
            return new Unreadable<>(null, "it has no value");
        }
    }

    /** The value as a consumer hands it out: a record without one never reaches its deserializer, and comes as null. */
    static <T> Parsed<T> of(Parsed<T> value) {
        return value == null ? Unreadable.empty() : value;
    }
}
