package dev.tidemark.evidence.explain;

/**
 * A step of the way from a root to a digest.
 *
 * @param what tag, index, manifest, referrer (of the step before), config, layer, link or blob
 * @param repository where; null for a blob
 * @param tag its name, of a tag; null otherwise
 * @param digest null for a tag
 * @param mediaType as the manifest says, of a manifest, an index or a referrer
 * @param size in bytes; null if its blob is not there
 */
public record Step(String what, String repository, String tag, String digest, String mediaType, Long size) {

    static final String TAG = "tag";
    static final String INDEX = "index";
    static final String MANIFEST = "manifest";
    static final String REFERRER = "referrer";
    static final String CONFIG = "config";
    static final String LAYER = "layer";
    static final String LINK = "link";
    static final String BLOB = "blob";

    /** Whether such a step is to a manifest, and has a media type. */
    static boolean typed(String what) {
        return what.equals(MANIFEST) || what.equals(REFERRER);
    }
}
