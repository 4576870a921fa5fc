package dev.tidemark.storage.gcs;

import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.StorageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Deletes objects of a bucket, many in a request. An object counts as deleted if the server says that it is, or that
 * there is none; and it is deleted only if it is still the one that was looked at.
 */
final class ObjectDeletions {

    private static final int REQUESTS_AT_ONCE = 8;

    private final GcsRequests requests;
    private final GcsFailures failures;
    private final ObjectPages pages;
    private final String bucket;
    private final String base;

    /**
     * What is deleted.
     *
     * @param path for messages and the outcome
     * @param generation that may be deleted; null for any
     */
    record Target(String path, String name, String generation) {}

    /** @param base what the names of all paths begin with */
    ObjectDeletions(GcsRequests requests, GcsFailures failures, ObjectPages pages, String bucket, String base) {
        this.requests = requests;
        this.failures = failures;
        this.pages = pages;
        this.bucket = bucket;
        this.base = base;
    }

    /**
     * @param allowed asked before each try of a request
     * @return why not, for each path that is not deleted
     */
    Map<String, StorageException> delete(List<Target> targets, BooleanSupplier allowed) {
        List<List<Target>> parts = new ArrayList<>();
        for (int from = 0; from < targets.size(); from += GcsBatch.MOST) {
            parts.add(targets.subList(from, Math.min(targets.size(), from + GcsBatch.MOST)));
        }
        Map<String, StorageException> failed = new ConcurrentHashMap<>();
        Parallel.forEach(parts, REQUESTS_AT_ONCE, part -> {
            try {
                failed.putAll(deleteTogether(part, allowed));
            } catch (StorageException e) {
                part.forEach(target -> failed.put(target.path(), e));
            }
        });
        return failed;
    }

    private Map<String, StorageException> deleteTogether(List<Target> targets, BooleanSupplier allowed) {
        List<GcsRequest> each = targets.stream().map(this::request).toList();
        Map<Integer, GcsAnswer> answers = GcsBatch.answers(requests.done(
                GcsRequest.post("delete", targets.getFirst().path(), "batch", "/batch/storage/v1", GcsBatch.body(each))
                        .header("Content-Type", GcsBatch.CONTENT_TYPE)
                        .ifAllowed(allowed)));
        Map<String, StorageException> failed = new LinkedHashMap<>();
        boolean someNotThere = false;
        for (int i = 0; i < targets.size(); i++) {
            String path = targets.get(i).path();
            GcsAnswer answer = answers.get(i);
            if (answer == null) {
                // What nobody says is gone may be there.
                failed.put(path, failures.unsaid("delete", path));
            } else if (answer.status() == GcsAnswer.NOT_FOUND && answer.isGcsError()) {
                someNotThere = true;
            } else if (answer.status() == GcsAnswer.PRECONDITION_FAILED) {
                failed.put(path, failures.written("delete", path));
            } else if (!answer.ok()) {
                failed.put(path, failures.ofOne("delete", path, answer));
            }
        }
        if (someNotThere) {
            // A bucket that is not there is said in the same way: a listing tells one from the other.
            pages.count(base, null, 1);
        }
        return failed;
    }

    private GcsRequest request(Target target) {
        return new GcsRequest(
                        "delete",
                        target.path(),
                        "objects.delete",
                        "DELETE",
                        GcsRequest.object(bucket, target.name()),
                        Map.of(),
                        Map.of(),
                        null,
                        () -> true)
                .with("ifGenerationMatch", target.generation());
    }
}
