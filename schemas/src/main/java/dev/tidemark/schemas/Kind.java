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
    UPLOAD,
    /** A multipart upload of a bucket that nobody has completed: all its parts. */
    @JsonProperty("multipart")
    MULTIPART,
    /** An empty directory that a manifest, a layer link, a tag, an upload or a blob had. */
    @JsonProperty("directory")
    DIRECTORY,
    /** A repository in which nothing but empty directories is left. */
    @JsonProperty("repository")
    REPOSITORY,
    /** A link to a manifest that is not there: a tag with its history, an entry of one, or a revision. */
    @JsonProperty("link")
    LINK;

    /** Whether it is a leftover that is found by its path. A repository's is its name. */
    public boolean hasPath() {
        return this == UPLOAD || this == MULTIPART || this == DIRECTORY || this == LINK;
    }

    /** Whether there is no file of it. */
    public boolean empty() {
        return this == DIRECTORY || this == REPOSITORY;
    }

    /** Whether it goes to the trash: what has no file does not, nor do parts, which no request can copy. */
    public boolean trashed() {
        return !empty() && this != MULTIPART;
    }

    /** Whether it may be in no repository. */
    boolean mayBeAnywhere() {
        return this == BLOB || this == MULTIPART || this == DIRECTORY;
    }

    /** The check that what is found by its path has one, and nothing else has. */
    void requirePath(String path) {
        if ((path == null) == hasPath()) {
            throw new IllegalArgumentException(
                    "an upload, a multipart upload, a directory or a dangling link, and nothing else, has a path");
        }
    }

    /** Whether it is a leftover, which goes by its age alone. */
    public boolean leftover() {
        return hasPath() || empty();
    }
}
