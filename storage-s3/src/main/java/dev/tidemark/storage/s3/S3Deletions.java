package dev.tidemark.storage.s3;

import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.StorageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/**
 * Deletes objects of a bucket, many in a request. An object counts as deleted if the server says of its key that it is
 * deleted, or that there is none.
 */
final class S3Deletions {

    private static final int KEYS_OF_A_REQUEST = 1000;
    private static final int REQUESTS_AT_ONCE = 8;

    /** The error codes of the server for a key, or a version, that is not there. */
    private static final Set<String> NOT_THERE = Set.of("NoSuchKey", "NoSuchVersion");

    private final Requests requests;
    private final S3Failures failures;
    private final String bucket;
    private final String base;

    /**
     * An object, or a version of one, that is to be deleted.
     *
     * @param path without the base
     * @param version null for the current one, of which a bucket with versioning makes an old one
     */
    record Target(String path, String version) {

        /** The action on it, in a request and in messages. */
        String verb() {
            return version == null ? "delete" : "delete a version of";
        }
    }

    /**
     * How deletions ended.
     *
     * @param failed why not, for each path that is not deleted, or of which a version is not
     * @param markers the version ids of the delete markers that the bucket has made, by path
     */
    record Outcome(Map<String, StorageException> failed, Map<String, String> markers) {

        /** @throws StorageException why not, if anything is not deleted */
        void requireAll() {
            failed.values().forEach(failure -> {
                throw failure;
            });
        }
    }

    /** @param base that the keys of all paths begin with */
    S3Deletions(Requests requests, S3Failures failures, String bucket, String base) {
        this.requests = requests;
        this.failures = failures;
        this.bucket = bucket;
        this.base = base;
    }

    /** The paths that are not deleted, each with the reason. */
    Map<String, StorageException> deleteAll(List<String> paths, BooleanSupplier allowed) {
        return delete(paths.stream().map(path -> new Target(path, null)).toList(), allowed)
                .failed();
    }

    /** @param targets all of them with a version, or none */
    Outcome delete(List<Target> targets, BooleanSupplier allowed) {
        List<List<Target>> parts = new ArrayList<>();
        for (int from = 0; from < targets.size(); from += KEYS_OF_A_REQUEST) {
            parts.add(targets.subList(from, Math.min(targets.size(), from + KEYS_OF_A_REQUEST)));
        }
        var sum = new Outcome(new LinkedHashMap<>(), new LinkedHashMap<>());
        Parallel.map(parts, REQUESTS_AT_ONCE, part -> deleteTogether(part, allowed))
                .forEach(outcome -> {
                    sum.failed().putAll(outcome.failed());
                    sum.markers().putAll(outcome.markers());
                });
        return sum;
    }

    private Outcome deleteTogether(List<Target> targets, BooleanSupplier allowed) {
        boolean versions = targets.getFirst().version() != null;
        List<ObjectIdentifier> keys = targets.stream().map(this::identifier).toList();
        Map<String, StorageException> failed = new LinkedHashMap<>();
        Map<String, String> markers = new LinkedHashMap<>();
        DeleteObjectsResponse response;
        try {
            response = requests.answer(
                    targets.getFirst().verb(),
                    targets.getFirst().path(),
                    client -> client.deleteObjects(request -> request.bucket(bucket)
                            .delete(delete -> delete.objects(keys))
                            .overrideConfiguration(Allowance.of(allowed))));
        } catch (StorageException e) {
            targets.forEach(target -> failed.put(target.path(), e));
            return new Outcome(failed, markers);
        }
        Map<ObjectIdentifier, DeletedObject> gone = response.deleted().stream()
                .collect(Collectors.toMap(
                        deleted -> identifier(deleted.key(), versions ? deleted.versionId() : null),
                        deleted -> deleted,
                        (one, other) -> one));
        Map<ObjectIdentifier, S3Error> errors = response.errors().stream()
                .collect(Collectors.toMap(
                        error -> identifier(error.key(), versions ? error.versionId() : null),
                        error -> error,
                        (one, other) -> one));
        for (Target target : targets) {
            ObjectIdentifier key = identifier(target);
            DeletedObject deleted = gone.get(key);
            S3Error error = errors.get(key);
            if (error != null && !NOT_THERE.contains(error.code())) {
                failed.put(target.path(), failures.ofDeletion(target, error));
            } else if (error == null && deleted == null) {
                // An object that the answer does not mention may be there.
                failed.put(target.path(), failures.ofDeletion(target));
            } else if (deleted != null && !versions && deleted.deleteMarkerVersionId() != null) {
                markers.put(target.path(), deleted.deleteMarkerVersionId());
            }
        }
        return new Outcome(failed, markers);
    }

    private ObjectIdentifier identifier(Target target) {
        return identifier(base + target.path(), target.version());
    }

    private static ObjectIdentifier identifier(String key, String version) {
        return ObjectIdentifier.builder().key(key).versionId(version).build();
    }
}
