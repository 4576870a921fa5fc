package dev.tidemark.storage.s3;

import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.objects.TrashKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/** Lists versions and delete markers of a bucket. */
final class KeyHistories {

    private final Requests requests;
    private final String bucket;

    KeyHistories(Requests requests, String bucket) {
        this.requests = requests;
        this.bucket = bucket;
    }

    /**
     * The versions and delete markers that the bucket has kept of a key.
     *
     * @param path for messages
     */
    KeyHistory of(String path, String key) {
        List<KeyHistory.Version> versions = new ArrayList<>();
        List<KeyHistory.Marker> markers = new ArrayList<>();
        boolean[] hidden = {false};
        each(path, key, page -> {
            page.versions().stream()
                    .filter(version -> version.key().equals(key))
                    .map(version -> version(path, version))
                    .forEach(versions::add);
            page.deleteMarkers().stream()
                    .filter(marker -> marker.key().equals(key))
                    .forEach(marker -> {
                        markers.add(marker(path, marker));
                        hidden[0] |= Boolean.TRUE.equals(marker.isLatest());
                    });
            // Of all keys with this prefix, it is the first.
            return key.equals(page.nextKeyMarker());
        });
        return new KeyHistory(versions, markers, hidden[0]);
    }

    /** All versions and markers of the keys with a prefix, to be destroyed. */
    List<S3Deletions.Target> under(String prefix) {
        List<S3Deletions.Target> all = new ArrayList<>();
        each(TrashKeys.PLACE, prefix, page -> {
            Stream.concat(
                            page.versions().stream()
                                    .map(version -> new S3Deletions.Target(version.key(), version.versionId())),
                            page.deleteMarkers().stream()
                                    .map(marker -> new S3Deletions.Target(marker.key(), marker.versionId())))
                    .filter(target -> target.path().startsWith(prefix))
                    .forEach(all::add);
            return true;
        });
        return all;
    }

    private void each(String path, String prefix, Predicate<ListObjectVersionsResponse> goOn) {
        String[] next = {null, null};
        boolean more;
        do {
            ListObjectVersionsResponse page = requests.answer(
                    "list the versions of",
                    path,
                    client -> client.listObjectVersions(request -> request.bucket(bucket)
                            .prefix(prefix)
                            .keyMarker(next[0])
                            .versionIdMarker(next[1])));
            if (page.isTruncated() == null) {
                throw new StorageException("cannot list the versions of " + path
                        + ": what is answered is no listing, it does not say whether it is whole");
            }
            more = goOn.test(page) && page.isTruncated();
            if (more && (page.nextKeyMarker() == null || isAt(page, next) || isLost(page))) {
                throw new StorageException("the listing of the versions of " + path
                        + " was cut short: there is more, and the server does not say where it goes on");
            }
            next[0] = page.nextKeyMarker();
            next[1] = page.nextVersionIdMarker();
        } while (more);
    }

    private static boolean isAt(ListObjectVersionsResponse page, String[] asked) {
        return page.nextKeyMarker().equals(asked[0])
                && (page.nextVersionIdMarker() == null
                        || page.nextVersionIdMarker().equals(asked[1]));
    }

    /**
     * Whether the next page would begin after a version that this one does not have: OpenStack Swift says {@code null}
     * whatever the last one was, and leaves out what is older.
     */
    private static boolean isLost(ListObjectVersionsResponse page) {
        return VersionIndex.NULL.equals(page.nextVersionIdMarker())
                && Stream.concat(
                                page.versions().stream().map(ObjectVersion::versionId),
                                page.deleteMarkers().stream().map(DeleteMarkerEntry::versionId))
                        .noneMatch(VersionIndex.NULL::equals);
    }

    private static KeyHistory.Version version(String path, ObjectVersion version) {
        return new KeyHistory.Version(
                version.versionId(),
                version.size(),
                BucketPages.stat(path, version.size(), version.lastModified(), null)
                        .modified());
    }

    private static KeyHistory.Marker marker(String path, DeleteMarkerEntry marker) {
        return new KeyHistory.Marker(
                marker.versionId(),
                BucketPages.stat(path, 0L, marker.lastModified(), null).modified());
    }
}
