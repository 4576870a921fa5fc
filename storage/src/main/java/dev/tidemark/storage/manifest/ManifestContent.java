package dev.tidemark.storage.manifest;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.ManifestTypes;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The content of a manifest, as far as its bytes can be understood. */
public sealed interface ManifestContent {

    /**
     * A manifest of a type that we know, and no doubt about what it references.
     *
     * @param mediaType as the manifest says, or as its content tells where it doesn't say
     * @param index whether its references are manifests
     * @param references config and layers, or child manifests; schema 1: fsLayers
     * @param foreign layers that are to be fetched elsewhere: their blobs need not be here
     * @param subject the manifest that it refers to, as a signature does to an image; or null. It is no reference:
     *     nothing is kept by it
     * @param sizes of the references, in bytes, where the manifest says them. Nothing is decided by them
     */
    record Understood(
            String mediaType,
            boolean index,
            List<Digest> references,
            List<Digest> foreign,
            Digest subject,
            Map<Digest, Long> sizes)
            implements ManifestContent {

        /** Whether it is of schema 1, whose signatures registries up to 2.5 kept as blobs of their own. */
        public boolean schema1() {
            return mediaType.startsWith(ManifestTypes.SCHEMA_1_PREFIX);
        }
    }

    /**
     * Anything else: to be marked conservatively.
     *
     * @param mediaType as the manifest says, or null
     * @param why its fault, in words
     * @param named every digest that occurs anywhere in the bytes
     */
    record Doubtful(String mediaType, String why, Set<Digest> named) implements ManifestContent {}
}
