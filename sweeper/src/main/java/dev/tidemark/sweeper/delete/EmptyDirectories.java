package dev.tidemark.sweeper.delete;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.DigestDirectory;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.ManifestLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the empty directories that a deletion leaves behind if it is cut off. No later run would list them, as their
 * file is gone.
 */
public final class EmptyDirectories {

    private static final Logger LOG = LoggerFactory.getLogger(EmptyDirectories.class);

    private final Storage storage;

    public EmptyDirectories(Storage storage) {
        this.storage = storage;
    }

    /** Removes the directories of a record's files that are gone, as far as they are empty. Files stay. */
    public void remove(Eligible eligible) {
        String repository = eligible.repository();
        if (repository != null && !Layout.validRepository(repository)) {
            return;
        }
        try {
            switch (eligible.kind()) {
                case TAG -> tag(repository, eligible.tag());
                case MANIFEST -> {
                    for (String tag : eligible.history()) {
                        if (Layout.validTag(tag)) {
                            entry(repository, tag, eligible.digest());
                        }
                    }
                    remove(Layout.revisionLink(repository, eligible.digest()), Layout.repository(repository));
                }
                case LAYER -> remove(Layout.layerLink(repository, eligible.digest()), Layout.repository(repository));
                case BLOB -> remove(Layout.blobData(eligible.digest()), Layout.BLOBS);
                case UPLOAD -> upload(repository, Layout.uploadId(eligible.path()));
                case LINK -> ManifestLink.of(eligible.path()).ifPresent(link -> link(repository, link));
                case MULTIPART -> {
                    // It has no directory.
                }
                case DIRECTORY -> {
                    // A later run finds what is left of it.
                }
                case REPOSITORY -> storage.prune(Layout.repository(repository), Layout.REPOSITORIES);
            }
        } catch (StorageException e) {
            LOG.warn("{} empty directories of {} stay: {}", eligible.run(), eligible.digest(), e.getMessage());
        }
    }

    private void tag(String repository, String tag) {
        if (Layout.validTag(tag)) {
            DigestDirectory.list(storage, Layout.history(repository, tag))
                    .forEach(past -> entry(repository, tag, past));
            remove(Layout.currentLink(repository, tag), Layout.repository(repository));
        }
    }

    private void link(String repository, ManifestLink link) {
        if (link.isTag()) {
            tag(repository, link.tag());
        } else {
            remove(link.file(repository), Layout.repository(repository));
        }
    }

    private void upload(String repository, String id) {
        if (Layout.validUpload(id)) {
            String states = Layout.uploadStates(repository, id);
            storage.children(states)
                    .forEach(
                            algorithm -> storage.prune(states + "/" + algorithm.name(), Layout.repository(repository)));
            storage.prune(Layout.upload(repository, id), Layout.repository(repository));
        }
    }

    private void entry(String repository, String tag, Digest past) {
        remove(Layout.historyEntry(repository, tag, past) + "/" + Layout.LINK, Layout.repository(repository));
    }

    /** Removes the directory of a file that is gone. */
    private void remove(String file, String notIncluding) {
        if (storage.stat(file).isEmpty()) {
            storage.prune(file.substring(0, file.lastIndexOf('/')), notIncluding);
        }
    }
}
