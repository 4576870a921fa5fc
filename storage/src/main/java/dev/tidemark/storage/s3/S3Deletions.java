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

    private final Requests requests;
    private final S3Failures failures;
    private final String bucket;
    private final String base;

    /** @param base that the keys of all paths begin with */
    S3Deletions(Requests requests, S3Failures failures, String bucket, String base) {
        this.requests = requests;
        this.failures = failures;
        this.bucket = bucket;
        this.base = base;
    }

    /** The paths that are not deleted, each with the reason. */
    Map<String, StorageException> deleteAll(List<String> paths, BooleanSupplier allowed) {
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < paths.size(); from += KEYS_OF_A_REQUEST) {
            parts.add(paths.subList(from, Math.min(paths.size(), from + KEYS_OF_A_REQUEST)));
        }
        Map<String, StorageException> failed = new LinkedHashMap<>();
        Parallel.map(parts, REQUESTS_AT_ONCE, part -> deleteTogether(part, allowed))
                .forEach(failed::putAll);
        return failed;
    }

    private Map<String, StorageException> deleteTogether(List<String> paths, BooleanSupplier allowed) {
        List<ObjectIdentifier> keys = paths.stream()
                .map(path -> ObjectIdentifier.builder().key(key(path)).build())
                .toList();
        DeleteObjectsResponse response;
        try {
            response = requests.answer(
                    "delete",
                    paths.getFirst(),
                    client -> client.deleteObjects(request -> request.bucket(bucket)
                            .delete(delete -> delete.objects(keys))
                            .overrideConfiguration(Allowance.of(allowed))));
        } catch (StorageException e) {
            return paths.stream().collect(Collectors.toMap(path -> path, path -> e));
        }
        Set<String> gone = response.deleted().stream().map(DeletedObject::key).collect(Collectors.toSet());
        Map<String, S3Error> errors =
                response.errors().stream().collect(Collectors.toMap(S3Error::key, error -> error, (one, other) -> one));
        Map<String, StorageException> failed = new LinkedHashMap<>();
        for (String path : paths) {
            S3Error error = errors.get(key(path));
            if (error != null && !"NoSuchKey".equals(error.code())) {
                failed.put(path, failures.ofDeletion(path, error));
            } else if (error == null && !gone.contains(key(path))) {
                // What nobody says is gone may be there.
                failed.put(path, failures.ofDeletion(path));
            }
        }
        return failed;
    }

    private String key(String path) {
        return base + path;
    }
}
