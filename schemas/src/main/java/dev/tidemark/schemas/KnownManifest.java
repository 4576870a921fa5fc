package dev.tidemark.schemas;

import java.util.List;

/**
 * A manifest's content, for the runs to come: the record of the topic {@code manifests.known}, whose key is the digest.
 * A manifest never changes, so an enumerator that has read it once need not ask the storage for it again.
 *
 * @param run that has read it, or has seen it when that was long ago
 * @param reader the version of the reader that understood it: what another version makes of it is not known
 * @param mediaType as the manifest says, or as its content tells where it doesn't say
 * @param index whether its references are manifests
 * @param size bytes
 * @param references config and layers, or child manifests; schema 1: fsLayers
 * @param sizes the sizes that it gives for the references, in bytes
 * @param foreign layers that are to be fetched elsewhere
 * @param subject the manifest that it refers to, or null
 */
public record KnownManifest(
        RunId run,
        int reader,
        String mediaType,
        boolean index,
        long size,
        List<Digest> references,
        Sizes sizes,
        List<Digest> foreign,
        Digest subject) {

    public KnownManifest {
        Fields.require(run, mediaType);
        references = references == null ? List.of() : List.copyOf(references);
        sizes = Sizes.ofAll(references, sizes);
        foreign = foreign == null ? List.of() : List.copyOf(foreign);
    }

    /** The same, as a later run tells it. */
    public KnownManifest seenBy(RunId later) {
        return new KnownManifest(later, reader, mediaType, index, size, references, sizes, foreign, subject);
    }
}
