package dev.tidemark.storage.s3;

import dev.tidemark.storage.s3.KeyHistory.Marker;
import dev.tidemark.storage.s3.KeyHistory.Version;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a purge does with the versions of one file. It destroys only what sweeps have taken and what is not there again;
 * and it leaves a delete marker that hides anything else.
 *
 * @param destroyed ids of versions
 * @param markers ids of markers, which may go once the versions are destroyed
 * @param written a version that was written between the look at the file and its deletion: nothing of the file is
 *     destroyed then
 */
record VersionFate(Set<String> destroyed, List<String> markers, Optional<Version> written) {

    /** How long after it was announced a deletion may have come: its last try, and the clocks. */
    private static final Duration LATEST = Duration.ofHours(1);

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    /** @param taken what the index has of the file */
    static VersionFate of(List<VersionIndex.Found> taken, KeyHistory history) {
        Set<String> known = taken.stream().map(found -> found.entry().version()).collect(Collectors.toSet());
        Set<String> destroyed = new HashSet<>();
        boolean ours = false;
        for (VersionIndex.Found found : taken) {
            Optional<Marker> marker = marker(found, history);
            ours |= marker.isPresent();
            // Without its marker it is no longer a file that this has deleted: somebody has brought it back since.
            Optional<Version> version = marker.flatMap(made -> history.find(found.entry()))
                    .filter(there ->
                            history.hidden() || !there.equals(history.versions().getFirst()));
            if (version.isEmpty()) {
                continue;
            }
            Optional<Version> written = history.hidden()
                    ? history.versions().stream()
                            .takeWhile(newer -> !newer.equals(version.get()))
                            .filter(newer -> !known.contains(newer.id())
                                    && newer.modified() <= marker.get().modified())
                            .findFirst()
                    : Optional.empty();
            if (written.isPresent()) {
                return new VersionFate(Set.of(), List.of(), written);
            }
            destroyed.add(version.get().id());
        }
        boolean alone = history.versions().stream().allMatch(version -> destroyed.contains(version.id()));
        return new VersionFate(
                destroyed,
                ours && alone ? history.markers().stream().map(Marker::id).toList() : List.of(),
                Optional.empty());
    }

    /** The marker that hides what was taken. Of a sweeper that was killed in between, the index doesn't say which. */
    private static Optional<Marker> marker(VersionIndex.Found found, KeyHistory history) {
        String made = found.entry().marker();
        return history.markers().stream()
                .filter(marker -> made == null
                        ? inTime(marker, found.since())
                        : marker.id().equals(made))
                .findFirst();
    }

    private static boolean inTime(Marker marker, long announced) {
        return marker.modified() >= announced - A_SECOND.toMillis()
                && marker.modified() <= announced + LATEST.toMillis();
    }
}
