package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.audit.Lifecycle.Said;
import dev.tidemark.schemas.RunRecord.OfPartition;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.text.Counted;
import java.util.List;
import java.util.Optional;

/** Checks the records of which a run has one for each partition: none is there twice, and none is of another. */
record OncePerPartition(Topics topics, Findings findings) {

    /**
     * The first record of a partition; the others are repeated.
     *
     * @param before what is said of one that is there again
     */
    <T extends OfPartition> Optional<Said<T>> first(int partition, List<Said<T>> all, String before) {
        List<Said<T>> of = of(partition, all);
        of.stream()
                .skip(1)
                .forEach(again -> findings.add(Finding.Kind.REPEATED, "partition " + partition + " " + before, again));
        return of.stream().findFirst();
    }

    /** All records of a partition. They contradict the topics if they count other partitions than there are. */
    <T extends OfPartition> List<Said<T>> of(int partition, List<Said<T>> all) {
        List<Said<T>> of = all.stream()
                .filter(said -> said.value().partition() == partition)
                .toList();
        of.stream()
                .filter(said -> said.value().partitions() != topics.partitions())
                .forEach(said -> findings.add(
                        Finding.Kind.CONTRADICTION,
                        "it is said of %s, and there are %d"
                                .formatted(Counted.of(said.value().partitions(), "partition"), topics.partitions()),
                        said));
        return of;
    }

    /** Finds those that are of no partition that there is. */
    <T extends OfPartition> void outside(List<Said<T>> all) {
        all.stream()
                .filter(said -> said.value().partition() < 0 || said.value().partition() >= topics.partitions())
                .forEach(said -> findings.add(
                        Finding.Kind.UNEXPECTED,
                        "there is no partition " + said.value().partition(),
                        said));
    }
}
