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
     * The subjects of the tags that were found, as far as they are known.
     *
     * @throws dev.tidemark.storage.StorageException if the storage does not answer
     */
    Map<Digest, Subject> read(Found found);

    /** The records to write down for later runs, by their keys. */
    default Map<String, KnownSubject> updates() {
        return Map.of();
    }

    /**
     * The findings of a look at a repository.
     *
     * @param left the digests of which a manifest's directory is left, without its link
     */
    record Found(
            String repository, TagFacts tags, List<Revision> revisions, Set<Digest> left, List<LayerLink> layers) {}
}
