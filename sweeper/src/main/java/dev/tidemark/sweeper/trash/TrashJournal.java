package dev.tidemark.sweeper.trash;

import dev.tidemark.storage.Trash.Trashed;
import java.util.List;

/** Takes down the files' ways out of the trash. Several threads call it. */
public interface TrashJournal extends AutoCloseable {

    /** A file is back. */
    void restored(Trashed file, String why);

    /**
     * Files are about to be destroyed.
     *
     * @param least how long each had to be in the trash when the look began, in ms
     * @param looked when the look began that found no need of them, in ms since the epoch by the storage's clock
     */
    void purging(List<Trashed> files, long least, long looked);

    /** The same files, but for those that could not be destroyed, are gone. */
    void purged(List<Trashed> files, long least, long looked);

    @Override
    void close();
}
