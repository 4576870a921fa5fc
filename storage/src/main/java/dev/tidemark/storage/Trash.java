package dev.tidemark.storage;

import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.text.Durations;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The files that sweeps have taken out of a registry. They lie beside it in the same storage, by run, until they are
 * restored or purged. Paths are those that the files have in the registry, as {@link Storage} takes them.
 *
 * <p>Every method throws {@link StorageException} if the storage does not answer.
 */
public interface Trash {

    /**
     * A file in the trash.
     *
     * @param size bytes
     * @param modified when it was last written, in ms since the epoch
     * @param since when it came into the trash, or was written there, in ms since the epoch by the storage's clock
     */
    record Trashed(RunId run, String path, long size, long modified, long since) {}

    /**
     * The terms on which a run was swept.
     *
     * @param keep how long its files are to be kept at least; more than {@link Durations#LONGEST} counts as that, or
     *     the time at which it is over would be past
     * @param made when its trash was made, before its second look, in ms since the epoch by the storage's clock
     */
    record Terms(Duration keep, long made) {

        public Terms {
            keep = keep.compareTo(Durations.LONGEST) > 0 ? Durations.LONGEST : keep;
        }
    }

    /** How a restoration ended. */
    enum Restored {
        /** The file is back. */
        BACK,
        /** The registry has a file there: the one in the trash stays where it is. */
        IN_PLACE,
        /** The trash has no such file. */
        NOT_THERE
    }

    /** How a file gets here. */
    enum Way {
        /** It is moved, by a rename. */
        MOVE(0),
        /** It is looked at and deleted, and the storage keeps what was there as an old version. */
        OLD_VERSION(1),
        /** It is looked at, copied by the storage, and deleted. */
        COPY(2);

        private final int requestsPerFile;

        Way(int requestsPerFile) {
            this.requestsPerFile = requestsPerFile;
        }

        /** How many requests more a file costs than one that is deleted. */
        public int requestsPerFile() {
            return requestsPerFile;
        }
    }

    /** How files get here now. */
    default Way way() {
        return Way.MOVE;
    }

    /** Whether files go here only if somebody has asked for it. It may be tried with an object of its own. */
    default boolean onlyIfAsked() {
        return false;
    }

    /** How much later a file may be seen to be due than it is: the times that the storage says are rounded. */
    default Duration rounding() {
        return Duration.ZERO;
    }

    /**
     * Makes the trash of a run. Of several calls for a run the longest time counts.
     *
     * @param keep how long the run's files are to be kept at least
     * @throws StorageException if the storage can't hold one: then nothing may be swept into it
     */
    void prepare(RunId run, Duration keep);

    /** The terms that the run was swept on; a day, if nothing says so any more. */
    Terms terms(RunId run);

    /**
     * Moves files out of the registry into the trash, in any order, as long as that is allowed. A file that was gone
     * already is no failure.
     *
     * @param allowed asked right before each move, or each request that copies or deletes, and before each further
     *     try; by any thread
     * @return why not, for each file that is still there, as {@link Storage#deleteAll} says it
     */
    Map<String, StorageException> take(RunId run, Collection<String> paths, BooleanSupplier allowed);

    /** The runs that have files in the trash, the latest first. */
    List<RunId> runs();

    /** Hands out the files of a run, one by one. */
    void files(RunId run, Consumer<Trashed> to);

    /**
     * Hands out the files of a run that lie below a directory of the registry.
     *
     * @param directory a digest's or an upload's own, or one of them all
     */
    void files(RunId run, String directory, Consumer<Trashed> to);

    /**
     * Reads a file in the trash; empty if it isn't there.
     *
     * @param content as {@link Storage#read} takes it
     */
    <T> Optional<T> read(RunId run, String path, Storage.Content<T> content);

    /** Moves a file back to where it was. A file that is there by now is never replaced. */
    default Restored restore(RunId run, String path) {
        return restore(run, path, () -> {});
    }

    /**
     * The same.
     *
     * @param back called once the file is back. Where the storage can have it in both places, the trash still has it
     *     then: of a process that is killed before it has taken it down, a file is left that the next look finds
     */
    Restored restore(RunId run, String path, Runnable back);

    /**
     * The same for a file that counts as written at another time.
     *
     * @param modified ms since the epoch
     */
    Restored restoreAsOf(RunId run, String path, long modified, Runnable back);

    /**
     * Destroys files in the trash, as long as that is allowed.
     *
     * @return why not, for each file that is still there
     */
    Map<String, StorageException> purge(RunId run, Collection<String> paths, BooleanSupplier allowed);

    /**
     * Ends the trash of a run, if there is no file in it. Files that a sweep puts there meanwhile keep the terms of the
     * trash; a sweep that goes on has to {@link #prepare} it again.
     */
    void end(RunId run);

    /** The time by the storage's clock, in ms since the epoch. */
    long now();

    /** Bytes that are free where it is; empty where there is no such bound. */
    default OptionalLong room() {
        return OptionalLong.empty();
    }
}
