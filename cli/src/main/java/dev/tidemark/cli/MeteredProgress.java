package dev.tidemark.cli;

import dev.tidemark.enumerator.EnumeratorMeter;
import dev.tidemark.marker.MarkerMeter;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.Totals;
import dev.tidemark.sweeper.SweeperMeter;
import java.util.Optional;

/** How far a run is whose services are all in this process. */
record MeteredProgress(EnumeratorMeter enumerator, MarkerMeter marker, SweeperMeter sweeper) implements Progress {

  @Override
  public Optional<Step> step(Run run, Phases.Phase phase) {
    return switch (phase) {
      case STARTING -> Optional.empty();
      case ENUMERATING ->
          Optional.of(new Step(enumerator.itemsDone(), enumerator.items(), "repositories and blob shards", enumerator.records(), ""));
      case MARKING -> {
        long all = run.enumerated().manifests() + run.enumerated().layerLinks() + run.enumerated().blobs();
        long marked = Math.min(all, marker.enumerated());
        String more =
            marked < all
                ? ""
                : "superstep %d, %s marks, %d partitions decided"
                    .formatted(marker.superstep(), Units.number(marker.marks()), run.decided().size());
        yield Optional.of(new Step(marked, all, "records", marked, more));
      }
      case SWEEPING ->
          Optional.of(new Step(
              sweeper.done(), deletions(run.totals()), "deletions", sweeper.done(), Units.bytes(sweeper.bytesFreed()) + " freed"));
    };
  }

  static long deletions(Totals totals) {
    return totals.eligible().count() + totals.eligibleManifests() + totals.eligibleLayerLinks();
  }
}
