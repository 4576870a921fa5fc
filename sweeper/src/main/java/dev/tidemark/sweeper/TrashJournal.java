package dev.tidemark.sweeper;

import dev.tidemark.storage.Trash.Trashed;
import java.util.List;

/** Takes down the files' ways out of the trash. Several threads call it. */
interface TrashJournal extends AutoCloseable {

    /** A file is back. */
    void restored(Trashed file, String why);

    /** Files are about to be destroyed. */
    void purging(List<Trashed> files);

    @Override
    void close();
}
