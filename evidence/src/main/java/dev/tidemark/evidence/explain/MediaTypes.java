package dev.tidemark.evidence.explain;

import dev.tidemark.schemas.ManifestTypes;

/** Tells from a manifest's media type what the manifest is, and what it references. */
final class MediaTypes {

    private MediaTypes() {}

    /** The word for a manifest of that type. */
    static String manifest(String mediaType) {
        return mediaType != null && ManifestTypes.INDEXES.contains(mediaType) ? Step.INDEX : Step.MANIFEST;
    }

    /**
     * The word for the reference at that place. An image's config is its first reference. A reference of a manifest of
     * an unknown type may be anything.
     *
     * @param mediaType of the parent
     */
    static String reference(String mediaType, int position, boolean optional) {
        if (mediaType == null) {
            return Step.BLOB;
        }
        if (ManifestTypes.INDEXES.contains(mediaType)) {
            return Step.MANIFEST;
        }
        if (ManifestTypes.IMAGES.contains(mediaType)) {
            return position == 0 && !optional ? Step.CONFIG : Step.LAYER;
        }
        return mediaType.startsWith(ManifestTypes.SCHEMA_1_PREFIX) && !optional ? Step.LAYER : Step.BLOB;
    }
}
