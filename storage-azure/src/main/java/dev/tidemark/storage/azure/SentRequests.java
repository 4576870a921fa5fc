package dev.tidemark.storage.azure;

import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.policy.HttpPipelineSyncPolicy;
import com.azure.core.util.Context;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.NotAllowedException;
import java.util.function.BooleanSupplier;

/**
 * Looks at each try of a request right before it is sent: whether it is still allowed, as the SDK tries again by
 * itself, however much time has passed; and counts it, as it is billed.
 */
final class SentRequests extends HttpPipelineSyncPolicy {

    private static final String ALLOWED = "tidemark.allowed";

    /** Set once a request was sent. */
    private static final String SENT = "tidemark.sent";

    private final Calls calls;

    SentRequests(Calls calls) {
        this.calls = calls;
    }

    /** The context of a request that has to be allowed. */
    static Context allowed(BooleanSupplier allowed) {
        return new Context(ALLOWED, allowed);
    }

    @Override
    protected void beforeSendingRequest(HttpPipelineCallContext context) {
        boolean allowed = context.getData(ALLOWED)
                .map(asked -> ((BooleanSupplier) asked).getAsBoolean())
                .orElse(true);
        if (!allowed) {
            throw new NotAllowedException();
        }
        // A deletion is sent as a part of a batch only.
        if (context.getHttpRequest().getHttpMethod() != HttpMethod.DELETE) {
            calls.sent(
                    operation(context.getHttpRequest()), context.getData(SENT).isPresent());
            context.setData(SENT, true);
        }
    }

    /** By its name in Azure's API. */
    private static String operation(HttpRequest request) {
        String query =
                request.getUrl().getQuery() == null ? "" : request.getUrl().getQuery();
        return switch (request.getHttpMethod()) {
            case GET -> query.contains("comp=list") ? "ListBlobs" : "GetBlob";
            case HEAD -> "GetBlobProperties";
            case POST -> "BlobBatch";
            default ->
                query.contains("comp=appendblock")
                        ? "AppendBlock"
                        : request.getHeaders().getValue(CopyRequest.SOURCE) == null ? "PutBlob" : "CopyBlob";
        };
    }
}
