package dev.tidemark.storage.objects;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash.Terms;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The object beside a run's trash that says how long it is kept, and when it was made: {@code PT24H 1764385200000}, a
 * duration in ISO 8601 and ms since the epoch.
 */
public final class CopiedTrashTerms {

    /** The time for which a run's files are kept if nothing says it any more. */
    private static final Duration IN_DOUBT = Duration.ofDays(1);

    private final Books books;
    private final TrashKeys keys;

    /** The small objects with which a trash keeps its books. */
    public interface Books {

        /** An object's content; empty if it is not there. */
        Optional<byte[]> read(String key);

        /** Writes an object, or writes it anew. */
        void write(String key, byte[] content);
    }

    public CopiedTrashTerms(Books books, TrashKeys keys) {
        this.books = books;
        this.keys = keys;
    }

    /**
     * Writes the time that a run asks for. A longer one that is there stays, and so does the time when it was made.
     *
     * @param now the time by the storage's clock
     * @throws NoTrashException if it can't be written: then there is no trash
     */
    public void prepare(RunId run, Duration keep, LongSupplier now) {
        try {
            write(run, keep, now);
        } catch (StorageException e) {
            throw new NoTrashException(
                    "the trash " + keys.of(run) + " can't be made (" + e.getMessage()
                            + "): make it possible, or sweep without a trash (--keep-trash off)",
                    e);
        }
    }

    private void write(RunId run, Duration keep, LongSupplier now) {
        Optional<Terms> before = read(run);
        if (before.filter(there -> there.keep().compareTo(keep) >= 0).isEmpty()) {
            long made = before.isPresent() ? before.get().made() : now.getAsLong();
            books.write(keys.keep(run), (keep + " " + made).getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Ends a run's trash, if it is empty. Where its run sweeps still, and puts something there in between, the terms
     * are back.
     *
     * @param empty asks whether it is
     * @param remove its books
     */
    public void end(RunId run, BooleanSupplier empty, Runnable remove) {
        if (empty.getAsBoolean()) {
            Terms asked = of(run);
            remove.run();
            if (!empty.getAsBoolean()) {
                write(run, asked.keep(), asked::made);
            }
        }
    }

    public Terms of(RunId run) {
        return read(run)
                .orElseGet(() -> new Terms(IN_DOUBT, run.time().minus(IN_DOUBT).toEpochMilli()));
    }

    private Optional<Terms> read(RunId run) {
        return books.read(keys.keep(run)).flatMap(CopiedTrashTerms::parsed);
    }

    private static Optional<Terms> parsed(byte[] content) {
        try {
            String[] words = new String(content, StandardCharsets.UTF_8).strip().split(" ");
            return words.length == 2
                    ? Optional.of(new Terms(Duration.parse(words[0]), Long.parseLong(words[1])))
                    : Optional.empty();
        } catch (DateTimeParseException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
