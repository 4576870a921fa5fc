package dev.tidemark.storage.s3;

import dev.tidemark.storage.s3.KeyHistory.Marker;
import dev.tidemark.storage.s3.KeyHistory.Version;
import dev.tidemark.storage.s3.VersionIndex.Found;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The delete markers of a file, and the deletions that made them. A sweeper that was killed has left a list that
 * doesn't say which marker its deletion has made, or whether there was a deletion at all; a later sweep may have made
 * the one that is there.
 *
 * @param all the entries of the file in the lists of all runs; those of one run suffice where each names its marker
 */
record DeletionMarkers(Collection<Found> all, KeyHistory history) {

    /**
     * How far from the time of its list a deletion may be that the list doesn't name: it comes after the list, with its
     * last try; and the list is written again when the tries are over.
     */
    private static final Duration FARTHEST = Duration.ofHours(1);

    /** The marker that the deletion has made; empty if it is gone, or in doubt. */
    Optional<Marker> of(Found found) {
        return isOpen(found)
                ? unclaimed(found)
                        .filter(marker -> inTime(marker, found))
                        .findFirst()
                        .filter(marker -> !hidesAnothers(marker, found))
                : named(found);
    }

    /** Whether the marker that its list names is there. */
    boolean has(Found found) {
        return named(found).isPresent();
    }

    /** Whether the deletion may have made a marker that is there. In doubt it has. */
    boolean mayHave(Found found) {
        return has(found) || unclaimed(found).findAny().isPresent();
    }

    /** Whether the list doesn't say which marker its deletion has made. */
    static boolean isOpen(Found found) {
        return found.entry().marker() == null;
    }

    private Optional<Marker> named(Found found) {
        return history.markers().stream()
                .filter(marker -> marker.id().equals(found.entry().marker()))
                .findFirst();
    }

    /** The markers over the file that no list names, the oldest first; none if a later sweep has seen it in place. */
    private Stream<Marker> unclaimed(Found found) {
        if (found.seenLater(all)) {
            return Stream.empty();
        }
        List<Marker> over = history.find(found.entry()).map(history::over).orElse(history.markers());
        return over.reversed().stream()
                .filter(marker -> all.stream()
                        .noneMatch(other -> marker.id().equals(other.entry().marker())));
    }

    /** Whether the marker may be one of another deletion that is not known either, of what was written later. */
    private boolean hidesAnothers(Marker marker, Found found) {
        return history.find(found.entry()).stream()
                .flatMap(history::newerThan)
                .filter(newer -> newer.modified() <= marker.modified())
                .map(Version::id)
                .anyMatch(id -> all.stream()
                        .anyMatch(other ->
                                isOpen(other) && other.entry().version().equals(id)));
    }

    private static boolean inTime(Marker marker, Found found) {
        return Math.abs(marker.modified() - found.since()) <= FARTHEST.toMillis();
    }
}
