package dev.tidemark.testkit;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Map;

/** The names of S3's operations, and its errors. */
final class S3Protocol implements FaultyProxy.Protocol {

    @Override
    public String operation(String method, String path, String query, Headers headers) {
        boolean copy = headers.containsKey("x-amz-copy-source");
        boolean bucket = path.indexOf('/', 1) < 0 || path.indexOf('/', 1) == path.length() - 1;
        boolean part = query.contains("uploadId=");
        return switch (method) {
            case "GET" -> bucket ? ofBucket(query) : part ? "ListParts" : "GetObject";
            case "HEAD" -> bucket ? "HeadBucket" : "HeadObject";
            case "DELETE" -> part ? "AbortMultipartUpload" : "DeleteObject";
            case "POST" ->
                query.startsWith("delete")
                        ? "DeleteObjects"
                        : part
                                ? "CompleteMultipartUpload"
                                : query.startsWith("uploads") ? "CreateMultipartUpload" : "PostObject";
            default -> copy ? part ? "UploadPartCopy" : "CopyObject" : part ? "UploadPart" : "PutObject";
        };
    }

    private static String ofBucket(String query) {
        return query.startsWith("versioning")
                ? "GetBucketVersioning"
                : query.startsWith("versions") || query.contains("&versions")
                        ? "ListObjectVersions"
                        : query.startsWith("uploads") || query.contains("&uploads")
                                ? "ListMultipartUploads"
                                : query.contains("list-type=2") ? "ListObjectsV2" : "ListObjects";
    }

    @Override
    public String error(int status, String code) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code
                + "</Code><Message>as the test wants it</Message></Error>";
    }

    @Override
    public Map<String, List<String>> headers(String code) {
        return Map.of("Content-Type", List.of("application/xml"));
    }
}
