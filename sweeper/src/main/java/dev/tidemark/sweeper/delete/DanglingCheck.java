package dev.tidemark.sweeper.delete;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.storage.layout.ManifestLink;
import dev.tidemark.sweeper.look.Rescued;
import dev.tidemark.sweeper.look.SharedLook;
import dev.tidemark.sweeper.order.Batch.Look;
import dev.tidemark.sweeper.order.WhyKept;
import java.util.List;
import java.util.Optional;

/** Looks at a link to a manifest that was not there, right before it is deleted. */
final class DanglingCheck {

    private final Storage storage;
    private final Options options;
    private final TagHistory history;
    private final Rescued rescued;

    /**
     * @param rescued what the {@link SharedLook} found
     */
    DanglingCheck(Storage storage, Options options, TagHistory history, Rescued rescued) {
        this.storage = storage;
        this.options = options;
        this.history = history;
        this.rescued = rescued;
    }

    /**
     * A link stays that was written again, or whose manifest the registry can serve.
     *
     * @throws StorageException if the storage does not answer
     */
    Look look(String repository, ManifestLink link) {
        if (link.tag() != null && rescued.holdsTag(repository, link.tag())) {
            return new Look.Spare(WhyKept.RESCUED);
        }
        String file = link.file(repository);
        Optional<Storage.Stat> stat = storage.stat(file);
        if (stat.filter(now -> !options.abandoned(now.modified())).isPresent()) {
            return new Look.Spare(WhyKept.YOUNG);
        }
        Digest names = link.digest();
        switch (LinkFile.at(storage, file)) {
            case LinkFile.Unreadable unreadable -> {
                return new Look.Failure(WhyKept.LINK_UNREADABLE, file + ": " + unreadable.why());
            }
            case LinkFile.Names(Digest digest) -> {
                if (link.isRevision() && !digest.equals(names)) {
                    return new Look.Spare(WhyKept.NAMED_IS_THERE);
                }
                names = link.isTag() ? digest : names;
            }
            case LinkFile.Absent absent -> {
                // Gone. Of a tag, its history may be left.
            }
        }
        if (names != null && (rescued.has(names) || served(repository, names, !link.isTag() && !link.isRevision()))) {
            return new Look.Spare(WhyKept.NAMED_IS_THERE);
        }
        Optional<List<String>> entries = link.isTag()
                ? history.of(repository, link.tag(), storage.listed(Layout.tag(repository, link.tag())))
                : Optional.of(List.of());
        if (entries.isEmpty()) {
            return new Look.Spare(WhyKept.YOUNG);
        }
        return entries.get().stream().anyMatch(entry -> namesWhatIsThere(repository, entry))
                ? new Look.Spare(WhyKept.HISTORY)
                : new Look.Delete(stat.isPresent(), entries.get(), file);
    }

    /**
     * Whether the registry can serve a manifest, or may be able to.
     *
     * @param held whether it is enough that the repository holds it: an entry of a tag's history goes with that
     */
    private boolean served(String repository, Digest digest, boolean held) {
        return switch (LinkFile.at(storage, Layout.revisionLink(repository, digest))) {
            case LinkFile.Names(Digest other) when !other.equals(digest) -> true;
            case LinkFile.Names own -> held || isStored(digest);
            case LinkFile.Unreadable unreadable -> held || isStored(digest);
            // As registries of 2.1.0 linked manifests.
            case LinkFile.Absent absent ->
                !held
                        && !(LinkFile.at(storage, Layout.layerLink(repository, digest)) instanceof LinkFile.Absent)
                        && isStored(digest);
        };
    }

    /** Whether an entry of a tag's history names a manifest that the registry can serve. */
    private boolean namesWhatIsThere(String repository, String entry) {
        return ManifestLink.of(entry.substring(Layout.repository(repository).length() + 1))
                .filter(past -> served(repository, past.digest(), false))
                .isPresent();
    }

    private boolean isStored(Digest digest) {
        return storage.stat(Layout.blobData(digest)).isPresent();
    }
}
