package dev.tidemark.evidence.explain;

import java.util.Set;

/** Tells from a manifest's media type what the manifest is, and what it references. */
final class MediaTypes {

    private static final Set<String> INDEXES = Set.of(
            "application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.oci.image.index.v1+json");
    private static final Set<String> IMAGES = Set.of(
            "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.image.manifest.v1+json");
    private static final String SCHEMA_1_PREFIX = "application/vnd.docker.distribution.manifest.v1+";

    private MediaTypes() {}

    /** The word for a manifest of that type. */
    static String manifest(String mediaType) {
        return mediaType != null && INDEXES.contains(mediaType) ? Step.INDEX : Step.MANIFEST;
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
        if (INDEXES.contains(mediaType)) {
            return Step.MANIFEST;
        }
        if (IMAGES.contains(mediaType)) {
            return position == 0 && !optional ? Step.CONFIG : Step.LAYER;
        }
        return mediaType.startsWith(SCHEMA_1_PREFIX) && !optional ? Step.LAYER : Step.BLOB;
    }
}
