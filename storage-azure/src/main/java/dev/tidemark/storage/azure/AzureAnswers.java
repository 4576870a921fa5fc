package dev.tidemark.storage.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelinePosition;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelineSyncPolicy;

/**
 * Looks at the answer of the last try: an error without Azure's name for it is of something before the server. The SDK
 * would try to read what it says, and tell no more of it.
 */
final class AzureAnswers extends HttpPipelineSyncPolicy {

    private static final int FIRST_ERROR = 400;
    private static final HttpHeaderName ERROR = HttpHeaderName.fromString("x-ms-error-code");

    /** An error that is none of Azure's. */
    static final class NotAzures extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final int status;

        NotAzures(int status) {
            super("answers " + status);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    @Override
    public HttpPipelinePosition getPipelinePosition() {
        return HttpPipelinePosition.PER_CALL;
    }

    @Override
    protected HttpResponse afterReceivedResponse(HttpPipelineCallContext context, HttpResponse response) {
        if (response.getStatusCode() >= FIRST_ERROR && response.getHeaderValue(ERROR) == null) {
            response.close();
            throw new NotAzures(response.getStatusCode());
        }
        return response;
    }
}
