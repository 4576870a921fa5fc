package dev.tidemark.enumerator.lead;

import dev.tidemark.enumerator.read.OldContent;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.text.Durations;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.RootFiles;
import java.util.Collection;
import java.util.Optional;

/** Refuses a run on a registry whose storage does not show all that is in use. */
final class Collectable {

    private final Storage storage;
    private final Optional<String> untagged;

    /**
     * @param untagged why manifests may be in use that no tag names, in words that follow the registry's name
     */
    Collectable(Storage storage, Optional<String> untagged) {
        this.storage = storage;
        this.untagged = untagged;
    }

    /**
     * Looks at what the storage says of itself, which may have changed since the service has started.
     *
     * @throws IllegalStateException if the run is refused
     */
    void require(Requested request) {
        RootFiles.refusal(storage, request.deletesManifests()).ifPresent(Collectable::refuse);
        untagged.filter(why -> request.deletesManifests()).ifPresent(why -> refuse(storage.description() + " " + why));
        requireSeenUploads(request);
    }

    /** One long request may be all that happens to an upload for as long as it takes. */
    private void requireSeenUploads(Requested request) {
        Options options = request.options();
        long unseenSince = request.at() - storage.unseenWrites().toMillis();
        if (options.leftovers() != null && options.abandoned(unseenSince)) {
            refuse(storage.description() + " shows nothing of an upload while a request is under way that writes it: "
                    + "--leftovers has to be " + Durations.text(storage.unseenWrites()) + " or more there");
        }
    }

    /**
     * Looks at what was found. A registry that has layer links or blobs, and no manifest, keeps its manifests where
     * they are not seen, unless all of them were deleted; or its first image is being pushed: then all there is is
     * young.
     *
     * @throws IllegalStateException if the run is refused
     */
    void require(Enumerated found, Collection<String> repositories, Options options) {
        if (found.manifests() == 0 && new OldContent(storage, options).any(repositories)) {
            refuse(storage.description() + " has layer links or blobs, and not one manifest: its manifests are kept "
                    + "elsewhere, and what they use can't be known. If they were all deleted, push one image, "
                    + "or let a cache pull one, and collect again");
        }
    }

    private static void refuse(String why) {
        throw new IllegalStateException(why);
    }
}
