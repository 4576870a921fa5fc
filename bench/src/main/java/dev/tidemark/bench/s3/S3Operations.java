package dev.tidemark.bench.s3;

import dev.tidemark.bench.tree.DigestSet;
import dev.tidemark.bench.tree.Sha256;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operations of S3 that a registry and its collectors ask for, on a bucket in memory. */
final class S3Operations {

    private static final int PAGE = 1000;
    private static final Pattern BLOB = Pattern.compile(".*/blobs/sha256/[0-9a-f]{2}/([0-9a-f]{64})/data");
    private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._/-]*");
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter XML_DATE = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final String bucket;
    private final S3Store store;

    S3Operations(String bucket, S3Store store) {
        this.bucket = bucket;
        this.store = store;
    }

    DigestSet blobs() {
        DigestSet blobs = DigestSet.EMPTY;
        for (String key : store.keys()) {
            Matcher blob = BLOB.matcher(key);
            if (blob.matches()) {
                blobs = blobs.plus(new Sha256(blob.group(1)));
            }
        }
        return blobs;
    }

    void restore() {
        store.restore();
    }

    S3Response answer(S3Request request, String operation) {
        if (!request.bucket().equals(bucket)) {
            return S3Response.error(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        return switch (operation) {
            case "GetBucketLocation" ->
                S3Response.xml(200, "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>");
            case "HeadBucket" -> S3Response.empty(200);
            case "ListObjectsV2", "ListObjects" -> list(request, operation.equals("ListObjectsV2"));
            case "GetObject" -> get(request);
            case "HeadObject" -> get(request).withoutBody();
            case "PutObject" -> put(request.key(), request.body());
            case "CopyObject" -> copy(request);
            case "DeleteObject" -> {
                store.delete(request.key());
                yield S3Response.empty(204);
            }
            case "DeleteObjects" -> deleteAll(request);
            default -> S3Response.error(501, "NotImplemented", "The bench's S3 is for reading and deleting only");
        };
    }

    private S3Response get(S3Request request) {
        Optional<S3Store.Stored> stored = store.get(request.key());
        if (stored.isEmpty()) {
            return S3Response.error(404, "NoSuchKey", "The specified key does not exist.");
        }
        byte[] bytes = stored.get().bytes();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/octet-stream");
        headers.put("ETag", "\"" + stored.get().etag() + "\"");
        headers.put("Last-Modified", HTTP_DATE.format(stored.get().modified()));
        headers.put("Accept-Ranges", "bytes");
        Matcher range = RANGE.matcher(request.header("range"));
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return S3Response.of(200, headers, bytes);
        }
        boolean suffix = range.group(1).isEmpty();
        int from = suffix
                ? Math.max(0, bytes.length - Integer.parseInt(range.group(2)))
                : (int) Math.min(bytes.length, Long.parseLong(range.group(1)));
        int to = suffix || range.group(2).isEmpty()
                ? bytes.length
                : (int) Math.min(bytes.length, Long.parseLong(range.group(2)) + 1);
        if (from >= to) {
            return S3Response.error(416, "InvalidRange", "The requested range is not satisfiable");
        }
        headers.put("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, bytes.length));
        return S3Response.of(206, headers, Arrays.copyOfRange(bytes, from, to));
    }

    private S3Response put(String key, byte[] bytes) {
        store.put(key, bytes, Instant.now());
        return S3Response.of(
                200, Map.of("ETag", "\"" + store.get(key).orElseThrow().etag() + "\""), new byte[0]);
    }

    private S3Response copy(S3Request request) {
        String source = URLDecoder.decode(request.header("x-amz-copy-source"), StandardCharsets.UTF_8);
        String key = (source.startsWith("/") ? source.substring(1) : source).substring(bucket.length() + 1);
        Optional<S3Store.Stored> stored = store.get(key);
        if (stored.isEmpty()) {
            return S3Response.error(404, "NoSuchKey", "The specified key does not exist.");
        }
        store.put(request.key(), stored.get().bytes(), Instant.now());
        return S3Response.xml(
                200,
                "<CopyObjectResult><ETag>&quot;%s&quot;</ETag><LastModified>%s</LastModified></CopyObjectResult>"
                        .formatted(stored.get().etag(), XML_DATE.format(Instant.now())));
    }

    private S3Response deleteAll(S3Request request) {
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
        return S3Response.xml(200, deleted.append("</DeleteResult>").toString());
    }

    private S3Response list(S3Request request, boolean v2) {
        String prefix = request.query("prefix");
        String delimiter = request.query("delimiter");
        String token = request.query("continuation-token");
        String after = !v2 ? request.query("marker") : token.isEmpty() ? request.query("start-after") : decoded(token);
        int most = request.asks("max-keys") ? Math.min(PAGE, Integer.parseInt(request.query("max-keys"))) : PAGE;
        S3Store.Page page = store.list(prefix, delimiter, after, most);
        UnaryOperator<String> text = request.query("encoding-type").equals("url") ? S3Operations::url : Xml::escape;
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
        Dates dates = new Dates();
        for (S3Store.Listed listed : page.objects()) {
            S3Store.Stored object = listed.object();
            xml.append("<Contents><Key>")
                    .append(text.apply(listed.key()))
                    .append("</Key><LastModified>")
                    .append(dates.format(object.modified()))
                    .append("</LastModified><ETag>&quot;")
                    .append(object.etag())
                    .append("&quot;</ETag><Size>")
                    .append(object.bytes().length)
                    .append("</Size><StorageClass>STANDARD</StorageClass></Contents>");
        }
        for (String group : page.prefixes()) {
            xml.append("<CommonPrefixes><Prefix>").append(text.apply(group)).append("</Prefix></CommonPrefixes>");
        }
        return S3Response.xml(200, xml.append("</ListBucketResult>").toString());
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

    /**
     * Nearly all objects are of the same time: formatting it a thousand times a page would be most of what a page
     * costs.
     */
    private static final class Dates {

        private Instant last;
        private String formatted;

        String format(Instant time) {
            if (!time.equals(last)) {
                last = time;
                formatted = XML_DATE.format(time);
            }
            return formatted;
        }
    }
}
