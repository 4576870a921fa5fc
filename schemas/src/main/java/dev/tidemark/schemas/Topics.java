package dev.tidemark.schemas;

import java.util.List;
import org.apache.kafka.common.utils.Utils;

/**
 * The names of the topics.
 *
 * @param prefix lets registries share a cluster; {@code tidemark.} by default
 * @param partitions of the digest-keyed topics, the same for all of them
 */
public record Topics(String prefix, int partitions) {

    public static final String DEFAULT_PREFIX = "tidemark.";

    /**
     * Bytes that a record may have: a manifest of 4 MB with all its references, a digest with hundreds of thousands of
     * tags.
     */
    public static final int LARGEST_RECORD = 20 << 20;

    public String runs() {
        return prefix + "runs";
    }

    /** The items to enumerate: repositories and blob shards. The topic has its own number of partitions. */
    public String work() {
        return prefix + "work";
    }

    /** How far the enumeration is; one partition. */
    public String workDone() {
        return prefix + "work.done";
    }

    /** Records that could not be read, or not be worked off, as they came; one partition. */
    public String rejected() {
        return prefix + "rejected";
    }

    /** The manifests that earlier runs have read: the latest record of each digest stays. One partition. */
    public String knownManifests() {
        return prefix + "manifests.known";
    }

    /** The subjects that repositories have held: the latest record of each stays. One partition. */
    public String knownSubjects() {
        return prefix + "subjects.known";
    }

    /** The holds that users have made: the latest record of each key stays. One partition. */
    public String holds() {
        return prefix + "holds";
    }

    public String repositories() {
        return prefix + "repositories";
    }

    /** The tags of the repositories, and the policy's word on each. */
    public String tags() {
        return prefix + "tags";
    }

    public String manifests() {
        return prefix + "manifests";
    }

    public String blobs() {
        return prefix + "blobs";
    }

    public String layers() {
        return prefix + "layers";
    }

    public String marks() {
        return prefix + "marks";
    }

    /** How far each task of the marker has come: its own changelog, by the name that Kafka Streams gives it. */
    public String markerProgress() {
        return prefix + "marker-progress-changelog";
    }

    public String eligible() {
        return prefix + "eligible";
    }

    public String eligibleDryRun() {
        return prefix + "eligible.dry-run";
    }

    public String deletions() {
        return prefix + "deletions";
    }

    /** The ways out of the trash of the files that sweeps put there; one partition. */
    public String trash() {
        return prefix + "trash";
    }

    /** The events that the registry reports of its clients; one partition. */
    public String events() {
        return prefix + "events";
    }

    /** The last pull of each tag and manifest: the latest record of each key stays. One partition. */
    public String pulls() {
        return prefix + "pulls";
    }

    /** Since when all pulls are in {@link #pulls}; one partition, and one record that stays. */
    public String pullsCollected() {
        return prefix + "pulls.collected";
    }

    /** The topic of one of the three inputs. */
    public String of(EnumeratedRecord.Input input) {
        return switch (input) {
            case MANIFESTS -> manifests();
            case BLOBS -> blobs();
            case LAYERS -> layers();
        };
    }

    /** The topics whose key is a digest: all with the same number of partitions. */
    public List<String> keyedByDigest() {
        return List.of(manifests(), blobs(), layers(), marks(), eligible(), eligibleDryRun(), deletions());
    }

    /** The partition of a digest: that of Kafka's own default partitioner for the digest's text. */
    public int partition(Digest digest) {
        return Utils.toPositive(Utils.murmur2(digest.text())) % partitions;
    }
}
