package dev.tidemark.enumerator.read;

import dev.tidemark.enumerator.pin.LayerLink;
import dev.tidemark.enumerator.pin.Revision;
import dev.tidemark.enumerator.pin.TagFacts;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.KnownSubject;
import dev.tidemark.schemas.TagsRecord.Subject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells what is known of the digests that a repository's tags of referrers are named for. */
@FunctionalInterface
public interface SubjectSource {

    /** For a run whose policy does not ask. */
    SubjectSource NONE = found -> Map.of();

    /**
     * What is known of each.
     *
     * @throws dev.tidemark.storage.StorageException if the storage does not answer
     */
    Map<Digest, Subject> read(Found found);

    /** What to write down for later runs, by its key. */
    default Map<String, KnownSubject> updates() {
        return Map.of();
    }

    /**
     * What a look at a repository has found.
     *
     * @param left the digests of which a manifest's directory is left, without its link
     */
    record Found(
            String repository, TagFacts tags, List<Revision> revisions, Set<Digest> left, List<LayerLink> layers) {}
}
