package dev.tidemark.bench.bucket;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operations of S3 that a registry and its collectors ask for, on a bucket in memory. */
public final class S3BucketApi implements BucketApi {

    private static final int PAGE = 1000;
    private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._/-]*");

    private final String bucket;
    private final ObjectStore store;

    public S3BucketApi(String bucket, ObjectStore store) {
        this.bucket = bucket;
        this.store = store;
    }

    @Override
    public String operation(BucketRequest request) {
        if (key(request).isEmpty()) {
            return switch (request.method()) {
                case "GET" ->
                    request.asks("location")
                            ? "GetBucketLocation"
                            : request.asks("uploads")
                                    ? "ListMultipartUploads"
                                    : request.query("list-type").equals("2") ? "ListObjectsV2" : "ListObjects";
                case "HEAD" -> "HeadBucket";
                case "POST" -> request.asks("delete") ? "DeleteObjects" : "other";
                default -> "other";
            };
        }
        if (request.asks("uploads") || request.asks("uploadId")) {
            return "other";
        }
        return switch (request.method()) {
            case "GET" -> "GetObject";
            case "HEAD" -> "HeadObject";
            case "PUT" -> request.headers().containsKey("x-amz-copy-source") ? "CopyObject" : "PutObject";
            case "DELETE" -> "DeleteObject";
            default -> "other";
        };
    }

    /** The key that a path names after the bucket; empty for the bucket itself. */
    private static String key(BucketRequest request) {
        int slash = request.path().indexOf('/', 1);
        return slash < 0 ? "" : request.path().substring(slash + 1);
    }

    @Override
    public Response answer(BucketRequest request, String operation) {
        if (!request.path().equals("/" + bucket) && !request.path().startsWith("/" + bucket + "/")) {
            return error(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        return switch (operation) {
            case "GetBucketLocation" ->
                Response.xml(200, "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>");
            case "HeadBucket" -> Response.empty(200);
            case "ListMultipartUploads" ->
                Response.xml(
                        200,
                        "<ListMultipartUploadsResult><Bucket>" + bucket + "</Bucket><IsTruncated>false</IsTruncated>"
                                + "</ListMultipartUploadsResult>");
            case "ListObjectsV2", "ListObjects" -> list(request, operation.equals("ListObjectsV2"));
            case "GetObject" -> get(request);
            case "HeadObject" -> get(request).withoutBody();
            case "PutObject" -> put(key(request), request.body());
            case "CopyObject" -> copy(request);
            case "DeleteObject" -> {
                store.delete(key(request));
                yield Response.empty(204);
            }
            case "DeleteObjects" -> deleteAll(request);
            default -> error(501, "NotImplemented", "The bench's S3 is for reading and deleting only");
        };
    }

    private Response get(BucketRequest request) {
        Optional<ObjectStore.Stored> stored = store.get(key(request));
        if (stored.isEmpty()) {
            return error(404, "NoSuchKey", "The specified key does not exist.");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/octet-stream");
        headers.put("ETag", "\"" + stored.get().md5() + "\"");
        headers.put("Last-Modified", ObjectTimes.HTTP.format(stored.get().modified()));
        headers.put("Accept-Ranges", "bytes");
        return StoredContent.of(stored.get(), request.header("range"), headers)
                .orElseGet(() -> error(416, "InvalidRange", "The requested range is not satisfiable"));
    }

    private Response put(String key, byte[] bytes) {
        store.put(key, bytes, Instant.now());
        return Response.of(
                200, Map.of("ETag", "\"" + store.get(key).orElseThrow().md5() + "\""), new byte[0]);
    }

    private Response copy(BucketRequest request) {
        String source = URLDecoder.decode(request.header("x-amz-copy-source"), StandardCharsets.UTF_8);
        String key = (source.startsWith("/") ? source.substring(1) : source).substring(bucket.length() + 1);
        Optional<ObjectStore.Stored> stored = store.get(key);
        if (stored.isEmpty()) {
            return error(404, "NoSuchKey", "The specified key does not exist.");
        }
        store.put(key(request), stored.get().bytes(), Instant.now());
        return Response.xml(
                200,
                "<CopyObjectResult><ETag>&quot;%s&quot;</ETag><LastModified>%s</LastModified></CopyObjectResult>"
                        .formatted(stored.get().md5(), ObjectTimes.MILLISECONDS.format(Instant.now())));
    }

    private Response deleteAll(BucketRequest request) {
        String document = new String(request.body(), StandardCharsets.UTF_8);
        boolean quiet = document.contains("<Quiet>true</Quiet>");
        StringBuilder deleted = new StringBuilder("<DeleteResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        Matcher key = KEY.matcher(document);
        while (key.find()) {
            store.delete(Xml.unescape(key.group(1)));
            if (!quiet) {
                deleted.append("<Deleted><Key>").append(key.group(1)).append("</Key></Deleted>");
            }
        }
        return Response.xml(200, deleted.append("</DeleteResult>").toString());
    }

    private Response list(BucketRequest request, boolean v2) {
        String prefix = request.query("prefix");
        String delimiter = request.query("delimiter");
        String token = request.query("continuation-token");
        String after = !v2 ? request.query("marker") : token.isEmpty() ? request.query("start-after") : decoded(token);
        int most = request.number("max-keys", PAGE);
        ObjectStore.Page page = store.list(prefix, delimiter, after, false, most);
        UnaryOperator<String> text = request.query("encoding-type").equals("url") ? S3BucketApi::url : Xml::escape;
        StringBuilder xml = new StringBuilder(400 + 400 * page.objects().size())
                .append("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>")
                .append(bucket)
                .append("</Name><Prefix>")
                .append(text.apply(prefix))
                .append("</Prefix><MaxKeys>")
                .append(most)
                .append("</MaxKeys><IsTruncated>")
                .append(page.last() != null)
                .append("</IsTruncated>");
        element(xml, "Delimiter", text.apply(delimiter));
        element(xml, "EncodingType", request.query("encoding-type"));
        if (v2) {
            xml.append("<KeyCount>")
                    .append(page.objects().size() + page.prefixes().size())
                    .append("</KeyCount>");
            element(xml, "ContinuationToken", token);
            element(xml, "StartAfter", text.apply(request.query("start-after")));
            element(xml, "NextContinuationToken", page.last() == null ? "" : encoded(page.last()));
        } else {
            xml.append("<Marker>").append(text.apply(after)).append("</Marker>");
            element(xml, "NextMarker", page.last() == null ? "" : text.apply(page.last()));
        }
        var dates = new ObjectTimes(ObjectTimes.MILLISECONDS);
        for (ObjectStore.Listed listed : page.objects()) {
            ObjectStore.Stored object = listed.object();
            xml.append("<Contents><Key>")
                    .append(text.apply(listed.key()))
                    .append("</Key><LastModified>")
                    .append(dates.format(object.modified()))
                    .append("</LastModified><ETag>&quot;")
                    .append(object.md5())
                    .append("&quot;</ETag><Size>")
                    .append(object.bytes().length)
                    .append("</Size><StorageClass>STANDARD</StorageClass></Contents>");
        }
        for (String group : page.prefixes()) {
            xml.append("<CommonPrefixes><Prefix>").append(text.apply(group)).append("</Prefix></CommonPrefixes>");
        }
        return Response.xml(200, xml.append("</ListBucketResult>").toString());
    }

    private static Response error(int status, String code, String message) {
        return Response.xml(
                status,
                "<Error><Code>%s</Code><Message>%s</Message><RequestId>0</RequestId></Error>"
                        .formatted(code, Xml.escape(message)));
    }

    private static void element(StringBuilder xml, String name, String text) {
        if (!text.isEmpty()) {
            xml.append('<')
                    .append(name)
                    .append('>')
                    .append(text)
                    .append("</")
                    .append(name)
                    .append('>');
        }
    }

    private static String url(String text) {
        return PLAIN.matcher(text).matches()
                ? text
                : URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%2F", "/");
    }

    private static String encoded(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String token) {
        return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    }
}
