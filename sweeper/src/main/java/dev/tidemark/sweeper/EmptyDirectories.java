package dev.tidemark.sweeper;

import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.DigestDirectory;
import dev.tidemark.storage.layout.Layout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the empty directories that a deletion leaves behind if it is cut off. No later run would list them, as their
 * file is gone.
 */
final class EmptyDirectories {

    private static final Logger LOG = LoggerFactory.getLogger(EmptyDirectories.class);

    private final Storage storage;

    EmptyDirectories(Storage storage) {
        this.storage = storage;
    }

    /** Removes the directories of a record's files that are gone, as far as they are empty. Files stay. */
    void remove(Eligible eligible) {
        String repository = eligible.repository();
        if (repository != null && !Layout.validRepository(repository)) {
            return;
        }
        try {
            switch (eligible.kind()) {
                case TAG -> {
                    if (Layout.validTag(eligible.tag())) {
                        String history = Layout.history(repository, eligible.tag());
                        DigestDirectory.list(storage, history)
                                .forEach(past -> remove(
                                        Layout.historyEntry(repository, eligible.tag(), past),
                                        Layout.LINK,
                                        Layout.repository(repository)));
                        remove(
                                Layout.tag(repository, eligible.tag()) + "/current",
                                Layout.LINK,
                                Layout.repository(repository));
                    }
                }
                case MANIFEST -> {
                    for (String tag : eligible.history()) {
                        if (Layout.validTag(tag)) {
                            remove(
                                    Layout.historyEntry(repository, tag, eligible.digest()),
                                    Layout.LINK,
                                    Layout.repository(repository));
                        }
                    }
                    remove(Layout.revision(repository, eligible.digest()), Layout.LINK, Layout.repository(repository));
                }
                case LAYER ->
                    remove(Layout.layer(repository, eligible.digest()), Layout.LINK, Layout.repository(repository));
                case BLOB -> remove(Layout.blob(eligible.digest()), Layout.DATA, Layout.BLOBS);
            }
        } catch (StorageException e) {
            LOG.warn("{} empty directories of {} stay: {}", eligible.run(), eligible.digest(), e.getMessage());
        }
    }

    private void remove(String directory, String leaf, String notIncluding) {
        if (storage.stat(directory + "/" + leaf).isEmpty()) {
            storage.prune(directory, notIncluding);
        }
    }
}
