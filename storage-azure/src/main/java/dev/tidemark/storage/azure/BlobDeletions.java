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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Deletes blobs, many in a request. A blob counts as deleted if the server says that it is deleted, or that there is
 * none.
 */
final class BlobDeletions {

    private static final int BLOBS_OF_A_REQUEST = 256;
    private static final int REQUESTS_AT_ONCE = 8;

    private final Container container;

    /**
     * What is deleted.
     *
     * @param path for messages and the outcome
     * @param etag of the content that may be deleted; null for any
     */
    record Target(String path, String name, String etag) {}

    BlobDeletions(Container container) {
        this.container = container;
    }

    /**
     * @param allowed asked before each try of a request
     * @return why not, for each path that is not deleted
     */
    Map<String, StorageException> delete(List<Target> targets, BooleanSupplier allowed) {
        List<List<Target>> parts = new ArrayList<>();
        for (int from = 0; from < targets.size(); from += BLOBS_OF_A_REQUEST) {
            parts.add(targets.subList(from, Math.min(targets.size(), from + BLOBS_OF_A_REQUEST)));
        }
        Map<String, StorageException> failed = new LinkedHashMap<>();
        Parallel.map(parts, REQUESTS_AT_ONCE, part -> deleteTogether(part, allowed))
                .forEach(failed::putAll);
        return failed;
    }

    private Map<String, StorageException> deleteTogether(List<Target> targets, BooleanSupplier allowed) {
        Map<String, StorageException> failed = new LinkedHashMap<>();
        Map<String, Response<Void>> answers = new LinkedHashMap<>();
        try {
            container.answer("delete", targets.getFirst().path(), client -> {
                answers.clear();
                BlobBatchClient batches = new BlobBatchClientBuilder(client).buildClient();
                BlobBatch batch = batches.getBlobBatch();
                targets.forEach(target -> answers.put(target.path(), deletion(client, batch, target)));
                return batches.submitBatchWithResponse(batch, false, null, SentRequests.allowed(allowed));
            });
        } catch (StorageException e) {
            targets.forEach(target -> failed.put(target.path(), e));
            return failed;
        }
        answers.forEach((path, answer) -> whyNot(path, answer).ifPresent(why -> failed.put(path, why)));
        return failed;
    }

    private static Response<Void> deletion(BlobContainerClient client, BlobBatch batch, Target target) {
        return batch.deleteBlob(
                client.getBlobClient(target.name()).getBlobUrl(),
                null,
                new BlobRequestConditions().setIfMatch(target.etag()));
    }

    private Optional<StorageException> whyNot(String path, Response<Void> answer) {
        try {
            answer.getStatusCode();
            return Optional.empty();
        } catch (BlobStorageException e) {
            return AzureFailures.notThere(e)
                    ? Optional.empty()
                    : Optional.of(container.failures().ofDeletion(path, e));
        } catch (UnsupportedOperationException | NullPointerException e) {
            // What nobody says is gone may be there. The SDK has null for what an answer without a body says.
            return Optional.of(container.failures().ofDeletion(path));
        }
    }
}
