package dev.tidemark.cli.local;

import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.run.Progress;
import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.marker.MarkerMeter;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Units;
import dev.tidemark.sweeper.SweeperMeter;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The progress of a run whose services are all in this process, by their own counts.
 *
 * @param awaited the call of the storage that is waited for, if it takes long
 */
record MeteredProgress(
        EnumeratorMeter enumerator, MarkerMeter marker, SweeperMeter sweeper, Supplier<Optional<String>> awaited)
        implements Progress {

    @Override
    public Optional<Step> step(Run run, Phases.Phase phase) {
        return progress(run, phase)
                .map(step -> awaited.get()
                        .map(call -> new Step(
                                step.done(), step.all(), step.of(), step.counted(), "the storage was asked " + call))
                        .orElse(step));
    }

    private Optional<Step> progress(Run run, Phases.Phase phase) {
        return switch (phase) {
            case STARTING -> Optional.empty();
            case ENUMERATING ->
                Optional.of(new Step(
                        enumerator.itemsDone(),
                        enumerator.items(),
                        "repositories and blob shards",
                        enumerator.records(),
                        ""));
            case MARKING -> {
                long all = run.enumerated().manifests()
                        + run.enumerated().layerLinks()
                        + run.enumerated().blobs();
                long marked = Math.min(all, marker.enumerated());
                String more = marked < all
                        ? ""
                        : "superstep %d, %s, %s decided"
                                .formatted(
                                        marker.superstep(),
                                        Counted.of(marker.marks(), "mark"),
                                        Counted.of(run.decided().size(), "partition"));
                yield Optional.of(new Step(marked, all, "records", marked, more));
            }
            case SWEEPING ->
                Optional.of(new Step(
                        sweeper.done(),
                        run.totals().eligibleRecords(),
                        "deletions",
                        sweeper.done(),
                        sweeper.done() == 0
                                ? "all links are looked at once more"
                                : Units.bytes(sweeper.bytesFreed()) + " freed"));
            // It says itself how long it waits.
            case SETTLING -> Optional.empty();
        };
    }
}
