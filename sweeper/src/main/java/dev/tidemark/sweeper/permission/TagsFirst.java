package dev.tidemark.sweeper.permission;

import dev.tidemark.kafka.run.RunPublisher;
import dev.tidemark.kafka.worker.Lane;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord.TagsSwept;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.sweeper.order.PartitionProgress;
import java.util.Optional;

/**
 * Keeps everything else of a run from being swept until the tags of all partitions are: an image's parts are spread
 * over all of them, and none goes as long as a tag may name it.
 */
public final class TagsFirst {

    /** A tag may be pushed again at any time: it is deleted soon after the look. */
    private static final int TOGETHER = 32;

    private final Topics topics;
    private final Permission permission;

    public TagsFirst(Topics topics, Permission permission) {
        this.topics = topics;
        this.permission = permission;
    }

    /** Whether a record may be worked off together with those before it. */
    public static boolean joins(int before, EligibleRecord last, EligibleRecord next) {
        return isTag(next) == isTag(last) && (!isTag(next) || before < TOGETHER);
    }

    public static boolean isTag(EligibleRecord record) {
        return record instanceof Eligible eligible && eligible.kind() == Kind.TAG;
    }

    /**
     * Waits until all tags that are to go are gone, or spared.
     *
     * @param at the progress of the partition, whose tags are done
     * @return the run as it is then; empty if nothing more of it is to be swept
     * @throws IllegalStateException if some can't be deleted: then nothing else may go
     */
    public Optional<Run> swept(Run run, PartitionProgress at, Lane lane) throws InterruptedException {
        if (run.requested().policy() == null || run.allTagsSwept()) {
            return Optional.of(run);
        }
        if (!run.tagsSwept().contains(lane.partition())) {
            requireNoFailure(at.sweep());
            lane.send(RunPublisher.record(topics, new TagsSwept(run.id(), lane.partition(), topics.partitions())));
            lane.commit();
        }
        return permission.awaitTags(run.id(), lane);
    }

    private static void requireNoFailure(Sweep tags) {
        if (tags.failures() > 0) {
            throw new IllegalStateException("%s can't be deleted (%s): no image is deleted, as a tag may still name it"
                    .formatted(
                            Counted.of(tags.failures(), "tag"),
                            String.join(", ", tags.failed().keySet())));
        }
    }
}
