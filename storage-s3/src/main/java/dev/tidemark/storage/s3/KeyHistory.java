package dev.tidemark.storage.s3;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The versions and delete markers that a bucket has kept of a key. The API lists them apart. So it is not known which
 * of a marker and a version of the same second came first, but it is known which one is the latest.
 *
 * @param versions the newest first
 * @param markers the newest first
 * @param hidden whether the latest is a marker: the key is not there
 */
record KeyHistory(List<Version> versions, List<Marker> markers, boolean hidden) {

    /**
     * A version of an object.
     *
     * @param size bytes
     * @param modified when it was written, in ms since the epoch, as {@link BucketPages#stat} says it
     */
    record Version(String id, long size, long modified) {}

    /** @param modified when it was made, in ms since the epoch, as {@link BucketPages#stat} says it */
    record Marker(String id, long modified) {}

    /**
     * The version that was taken; empty if it is gone.
     *
     * @param taken as the index has it. The id {@code null} is used again and again: it has to be of the same time
     */
    Optional<Version> find(VersionIndex.Entry taken) {
        return versions.stream()
                .filter(version -> version.id().equals(taken.version())
                        && (!version.id().equals(VersionIndex.NULL) || version.modified() == taken.modified()))
                .findFirst();
    }

    /** The versions that were written after one. */
    Stream<Version> newerThan(Version version) {
        return versions.stream().takeWhile(newer -> !newer.equals(version));
    }

    /** The markers that a version may be under: the latest one in any case, where that is what hides it. */
    List<Marker> over(Version version) {
        return markers.stream()
                .filter(marker ->
                        marker.modified() >= version.modified() || (hidden && marker.equals(markers.getFirst())))
                .toList();
    }
}
