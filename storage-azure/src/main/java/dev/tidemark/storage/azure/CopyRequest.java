package dev.tidemark.storage.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.CopyStatusType;
import dev.tidemark.storage.objects.CopyingBucket.Version;
import java.util.function.BooleanSupplier;

/**
 * The request to a server to copy a blob within its account, as the registry makes it to move an upload. The SDK's own
 * way has no place for what is asked before each try.
 *
 * @param from whose ETag the source has to have
 * @param to the name of the copy
 * @param replace whether what is there may be replaced
 * @see <a href="https://learn.microsoft.com/rest/api/storageservices/copy-blob">Copy Blob</a>
 */
record CopyRequest(Version from, String to, boolean replace) {

    static final HttpHeaderName SOURCE = HttpHeaderName.fromString("x-ms-copy-source");

    private static final HttpHeaderName VERSION = HttpHeaderName.fromString("x-ms-version");
    private static final HttpHeaderName SOURCE_IF_MATCH = HttpHeaderName.fromString("x-ms-source-if-match");
    private static final HttpHeaderName STATUS = HttpHeaderName.fromString("x-ms-copy-status");
    private static final int ACCEPTED = 202;

    /**
     * Sends it.
     *
     * @param allowed asked before each try
     * @return what has become of the copy by now
     * @throws BlobStorageException if the server does not take it
     */
    CopyStatusType send(BlobContainerClient client, BooleanSupplier allowed) {
        var request = new HttpRequest(HttpMethod.PUT, client.getBlobClient(to).getBlobUrl())
                .setHeader(VERSION, client.getServiceVersion().getVersion())
                .setHeader(HttpHeaderName.CONTENT_LENGTH, "0")
                .setHeader(SOURCE, client.getBlobClient(from.key()).getBlobUrl())
                .setHeader(SOURCE_IF_MATCH, from.version());
        if (!replace) {
            request.setHeader(HttpHeaderName.IF_NONE_MATCH, "*");
        }
        try (HttpResponse response = client.getHttpPipeline().sendSync(request, SentRequests.allowed(allowed))) {
            String status = response.getHeaderValue(STATUS);
            if (response.getStatusCode() != ACCEPTED || status == null) {
                throw new BlobStorageException("status " + response.getStatusCode(), response, null);
            }
            return CopyStatusType.fromString(status);
        }
    }
}
