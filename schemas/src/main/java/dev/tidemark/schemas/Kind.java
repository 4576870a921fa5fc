package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The kinds of things in a storage that can be eligible and deleted. */
public enum Kind {
    /** A repository's tag: its current link, and its history. */
    @JsonProperty("tag")
    TAG,
    /** A repository's manifest: its revision, and its entries in the tags' history. */
    @JsonProperty("manifest")
    MANIFEST,
    /** A repository's layer link. */
    @JsonProperty("layer")
    LAYER,
    /** A blob. */
    @JsonProperty("blob")
    BLOB,
    /** An upload that was begun in a repository and not finished: all its files. */
    @JsonProperty("upload")
    UPLOAD
}
