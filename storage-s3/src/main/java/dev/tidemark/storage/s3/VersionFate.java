package dev.tidemark.storage.s3;

import dev.tidemark.storage.s3.KeyHistory.Marker;
import dev.tidemark.storage.s3.KeyHistory.Version;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The versions of one file that a purge destroys, and those that it leaves. It destroys only versions that sweeps have
 * taken and that are not there again; and it leaves a delete marker that hides anything else.
 *
 * @param destroyed ids of versions
 * @param markers ids of markers, which may go once the versions are destroyed
 * @param written a version that was written between the look at the file and its deletion: nothing of the file is
 *     destroyed then
 */
record VersionFate(Set<String> destroyed, List<String> markers, Optional<Version> written) {

    /**
     * @param taken the entries that the index has of the file for the run
     * @param markers which know those of other runs where they are needed
     */
    static VersionFate of(List<VersionIndex.Found> taken, DeletionMarkers markers) {
        KeyHistory history = markers.history();
        Set<String> known = Stream.concat(taken.stream(), markers.all().stream())
                .map(found -> found.entry().version())
                .collect(Collectors.toSet());
        Set<String> destroyed = new HashSet<>();
        boolean ours = false;
        for (VersionIndex.Found found : taken) {
            Optional<Marker> marker = markers.of(found);
            ours |= marker.isPresent();
            // Without its marker it is no longer a file that this has deleted: somebody has brought it back since.
            Optional<Version> version = marker.flatMap(made -> history.find(found.entry()))
                    .filter(there ->
                            history.hidden() || !there.equals(history.versions().getFirst()));
            if (version.isEmpty()) {
                continue;
            }
            Optional<Version> written = history.hidden()
                    ? history.newerThan(version.get())
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
}
