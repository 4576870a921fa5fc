package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A client's action, as the registry has told it: the record of the topic {@code events}.
 *
 * @param id the registry's own name for the event; the same event may come more than once
 * @param digest of the manifest or blob; null where a tag alone was deleted
 * @param tag that the client named; null if it named none
 * @param from the repository that a blob was mounted from; null if it was not
 * @param at ms since the epoch, by the registry's clock
 * @see <a href="https://distribution.github.io/distribution/about/notifications/">the registry's notifications</a>
 */
public record EventRecord(
        String id, Action action, String repository, Digest digest, String tag, String from, long at) {

    public EventRecord {
        Fields.require(id, action, repository);
        if (action != Action.DELETE) {
            Fields.require(digest);
        }
    }

    /** The actions that a registry tells of. */
    public enum Action {
        /** A manifest or a blob was uploaded. */
        @JsonProperty("push")
        PUSH,
        /** A blob of another repository was linked. */
        @JsonProperty("mount")
        MOUNT,
        /** A manifest, a blob's link or a tag was deleted. */
        @JsonProperty("delete")
        DELETE
    }
}
