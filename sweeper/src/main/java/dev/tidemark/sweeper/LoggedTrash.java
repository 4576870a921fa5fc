package dev.tidemark.sweeper;

import dev.tidemark.storage.Trash.Trashed;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the files' ways out of the trash down in the log. */
final class LoggedTrash implements TrashJournal {

    private static final Logger LOG = LoggerFactory.getLogger(LoggedTrash.class);

    @Override
    public void restored(Trashed file, String why) {
        LOG.info("{} restored {}: {}", file.run(), file.path(), why);
    }

    @Override
    public void purging(List<Trashed> files) {
        files.forEach(file -> LOG.info("{} purged {}", file.run(), file.path()));
    }

    @Override
    public void close() {}
}
