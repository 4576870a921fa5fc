package dev.tidemark.bench.s3;

import java.util.Map;

/**
 * A request to S3.
 *
 * @param bucket empty for the service itself
 * @param key empty for the bucket itself
 * @param headers with names in lower case
 */
record S3Request(
        String method, String bucket, String key, Map<String, String> query, Map<String, String> headers, byte[] body) {

    boolean asks(String parameter) {
        return query.containsKey(parameter);
    }

    String query(String parameter) {
        return query.getOrDefault(parameter, "");
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** The name of the operation, as S3 has it. */
    String operation() {
        if (key.isEmpty()) {
            return switch (method) {
                case "GET" ->
                    asks("location")
                            ? "GetBucketLocation"
                            : query("list-type").equals("2") ? "ListObjectsV2" : "ListObjects";
                case "HEAD" -> "HeadBucket";
                case "POST" -> asks("delete") ? "DeleteObjects" : "other";
                default -> "other";
            };
        }
        if (asks("uploads") || asks("uploadId")) {
            return "other";
        }
        return switch (method) {
            case "GET" -> "GetObject";
            case "HEAD" -> "HeadObject";
            case "PUT" -> headers.containsKey("x-amz-copy-source") ? "CopyObject" : "PutObject";
            case "DELETE" -> "DeleteObject";
            default -> "other";
        };
    }
}
