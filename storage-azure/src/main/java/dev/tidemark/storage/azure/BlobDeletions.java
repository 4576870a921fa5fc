package dev.tidemark.storage.azure;

import com.azure.core.http.rest.Response;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.batch.BlobBatch;
import com.azure.storage.blob.batch.BlobBatchClient;
import com.azure.storage.blob.batch.BlobBatchClientBuilder;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.objects.LastSeen;
import dev.tidemark.storage.objects.RootPrefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Deletes blobs, many in a request. A blob counts as deleted if the server says that it is deleted, or that there is
 * none. One that was looked at is deleted only as it was then, and not at all if it was not there.
 */
final class BlobDeletions {

    private static final int BLOBS_OF_A_REQUEST = 256;
    private static final int REQUESTS_AT_ONCE = 8;

    private final Container container;
    private final RootPrefix root;
    private final LastSeen seen;

    BlobDeletions(Container container, RootPrefix root, LastSeen seen) {
        this.container = container;
        this.root = root;
        this.seen = seen;
    }

    /** The paths that are not deleted, each with the reason. */
    Map<String, StorageException> deleteAll(List<String> all, BooleanSupplier allowed) {
        List<String> paths =
                all.stream().filter(path -> !seen.forgetAbsent(root.key(path))).toList();
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < paths.size(); from += BLOBS_OF_A_REQUEST) {
            parts.add(paths.subList(from, Math.min(paths.size(), from + BLOBS_OF_A_REQUEST)));
        }
        Map<String, StorageException> failed = new LinkedHashMap<>();
        Parallel.map(parts, REQUESTS_AT_ONCE, part -> deleteTogether(part, allowed))
                .forEach(failed::putAll);
        return failed;
    }

    private Map<String, StorageException> deleteTogether(List<String> paths, BooleanSupplier allowed) {
        Map<String, StorageException> failed = new LinkedHashMap<>();
        Map<String, Response<Void>> answers = new LinkedHashMap<>();
        try {
            container.answer("delete", paths.getFirst(), client -> {
                answers.clear();
                BlobBatchClient batches = new BlobBatchClientBuilder(client).buildClient();
                BlobBatch batch = batches.getBlobBatch();
                paths.forEach(path -> answers.put(path, deletion(client, batch, root.key(path))));
                return batches.submitBatchWithResponse(batch, false, null, SentRequests.allowed(allowed));
            });
        } catch (StorageException e) {
            paths.forEach(path -> failed.put(path, e));
            return failed;
        }
        answers.forEach((path, answer) -> {
            Optional<StorageException> whyNot = whyNot(path, answer);
            whyNot.ifPresent(why -> failed.put(path, why));
            if (whyNot.isEmpty() || whyNot.get() instanceof WrittenAgainException) {
                seen.forget(root.key(path));
            }
        });
        return failed;
    }

    private Response<Void> deletion(BlobContainerClient client, BlobBatch batch, String name) {
        var conditions = new BlobRequestConditions();
        seen.of(name).ifPresent(conditions::setIfMatch);
        return batch.deleteBlob(client.getBlobClient(name).getBlobUrl(), null, conditions);
    }

    private Optional<StorageException> whyNot(String path, Response<Void> answer) {
        try {
            answer.getStatusCode();
            return Optional.empty();
        } catch (BlobStorageException e) {
            return AzureFailures.notThere(e)
                    ? Optional.empty()
                    : Optional.of(container.failures().ofDeletion(path, e));
        } catch (UnsupportedOperationException e) {
            // What nobody says is gone may be there.
            return Optional.of(container.failures().ofDeletion(path));
        }
    }
}
