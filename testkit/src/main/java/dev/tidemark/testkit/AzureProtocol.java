package dev.tidemark.testkit;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Map;

/** The names of Azure's operations on blobs, and its errors. */
final class AzureProtocol implements FaultyProxy.Protocol {

    @Override
    public String operation(String method, String path, String query, Headers headers) {
        return switch (method) {
            case "GET" -> query.contains("comp=list") ? "ListBlobs" : "GetBlob";
            case "HEAD" -> "GetBlobProperties";
            case "POST" -> "BlobBatch";
            case "DELETE" -> "DeleteBlob";
            default ->
                query.contains("comp=appendblock")
                        ? "AppendBlock"
                        : headers.containsKey("x-ms-copy-source") ? "CopyBlob" : "PutBlob";
        };
    }

    @Override
    public String error(int status, String code) {
        return new S3Protocol().error(status, code);
    }

    /** Azure's clients go by the header. */
    @Override
    public Map<String, List<String>> headers(String code) {
        return Map.of("Content-Type", List.of("application/xml"), "x-ms-error-code", List.of(code));
    }
}
