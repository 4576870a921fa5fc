package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a registry remembers which blobs it has, as its configuration says. */
public enum DescriptorCache {
    /** Nowhere: it looks at its storage each time. */
    @JsonProperty("none")
    NONE,
    /** In a Redis, which can be told what is gone. */
    @JsonProperty("redis")
    REDIS,
    /** In the memory of each of its processes, until that one ends. */
    @JsonProperty("in-memory")
    IN_MEMORY,
    /** Only its root directory is known. */
    @JsonProperty("unknown")
    UNKNOWN,
    /** The configuration says it in a way that can't be read: no sweeper starts beside that. */
    @JsonProperty("unreadable")
    UNREADABLE
}
