package dev.tidemark.bench.bucket;

import dev.tidemark.bench.bucket.ObjectStore.Stored;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The operations of Azure's blobs that Tidemark asks for, on a container in memory. */
public final class AzureBucketApi implements BucketApi {

    public static final String ACCOUNT = "bench";

    private static final int PAGE = 5000;

    private final String container;
    private final ObjectStore store;

    public AzureBucketApi(String container, ObjectStore store) {
        this.container = "/" + ACCOUNT + "/" + container;
        this.store = store;
    }

    @Override
    public String operation(BucketRequest request) {
        boolean blob = request.path().startsWith(container + "/");
        return switch (request.method()) {
            case "GET" -> blob ? "GetBlob" : request.query("comp").equals("list") ? "ListBlobs" : "other";
            case "HEAD" -> blob ? "GetBlobProperties" : "other";
            case "POST" -> request.query("comp").equals("batch") ? "BlobBatch" : "other";
            case "DELETE" -> blob ? "DeleteBlob" : "other";
            default -> "other";
        };
    }

    @Override
    public Response answer(BucketRequest request, String operation) {
        if (!request.path().equals(container) && !request.path().startsWith(container + "/")) {
            return error(404, "ContainerNotFound");
        }
        return switch (operation) {
            case "ListBlobs" -> list(request);
            case "GetBlob" -> get(request);
            case "GetBlobProperties" -> get(request).withoutBody();
            case "BlobBatch" -> BatchRequest.answer(202, request, id -> id, part -> answer(part, operation(part)));
            case "DeleteBlob" -> delete(request);
            default -> error(501, "NotImplemented");
        };
    }

    private String name(BucketRequest request) {
        return request.path().substring(container.length() + 1);
    }

    private Response get(BucketRequest request) {
        Optional<Stored> stored = store.get(name(request));
        if (stored.isEmpty()) {
            return error(404, "BlobNotFound");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/octet-stream");
        headers.put("ETag", '"' + etag(stored.get()) + '"');
        headers.put("Last-Modified", ObjectTimes.HTTP.format(stored.get().modified()));
        headers.put("x-ms-blob-type", "BlockBlob");
        headers.put("Accept-Ranges", "bytes");
        boolean look = request.method().equals("HEAD");
        headers.put(look ? "Content-MD5" : "x-ms-blob-content-md5", md5(stored.get()));
        String range = request.header("x-ms-range");
        return StoredContent.of(stored.get(), range.isEmpty() ? request.header("range") : range, headers)
                .orElseGet(() -> error(416, "InvalidRange"));
    }

    private Response delete(BucketRequest request) {
        Optional<Stored> stored = store.get(name(request));
        String condition = request.header("if-match").replace("\"", "");
        if (stored.isEmpty()) {
            return error(404, "BlobNotFound");
        }
        if (!condition.isEmpty() && !condition.equals(etag(stored.get()))) {
            return error(412, "ConditionNotMet");
        }
        store.delete(name(request));
        return Response.empty(202);
    }

    private Response list(BucketRequest request) {
        int most = request.number("maxresults", PAGE);
        ObjectStore.Page page =
                store.list(request.query("prefix"), request.query("delimiter"), request.query("marker"), false, most);
        StringBuilder xml = new StringBuilder(400 + 500 * page.objects().size())
                .append("<EnumerationResults ServiceEndpoint=\"http://127.0.0.1/bench\" ContainerName=\"registry\">")
                .append("<Prefix>")
                .append(Xml.escape(request.query("prefix")))
                .append("</Prefix><MaxResults>")
                .append(most)
                .append("</MaxResults><Blobs>");
        var dates = new ObjectTimes(ObjectTimes.HTTP);
        for (ObjectStore.Listed listed : page.objects()) {
            Stored object = listed.object();
            String written = dates.format(object.modified());
            xml.append("<Blob><Name>")
                    .append(Xml.escape(listed.key()))
                    .append("</Name><Properties><Creation-Time>")
                    .append(written)
                    .append("</Creation-Time><Last-Modified>")
                    .append(written)
                    .append("</Last-Modified><Etag>")
                    .append(etag(object))
                    .append("</Etag><Content-Length>")
                    .append(object.bytes().length)
                    .append("</Content-Length><Content-Type>application/octet-stream</Content-Type><Content-MD5>")
                    .append(md5(object))
                    .append("</Content-MD5><BlobType>BlockBlob</BlobType><LeaseStatus>unlocked</LeaseStatus>")
                    .append("<LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted>")
                    .append("<AccessTier>Hot</AccessTier></Properties></Blob>");
        }
        for (String group : page.prefixes()) {
            xml.append("<BlobPrefix><Name>").append(Xml.escape(group)).append("</Name></BlobPrefix>");
        }
        return Response.xml(
                200,
                xml.append("</Blobs><NextMarker>")
                        .append(page.last() == null ? "" : Xml.escape(page.last()))
                        .append("</NextMarker></EnumerationResults>")
                        .toString());
    }

    private static String etag(Stored object) {
        return "0x" + object.md5().substring(0, 15).toUpperCase(Locale.ROOT);
    }

    private static String md5(Stored object) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(object.md5()));
    }

    private static Response error(int status, String code) {
        Response words =
                Response.xml(status, "<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>");
        Map<String, String> headers = new LinkedHashMap<>(words.headers());
        headers.put("x-ms-error-code", code);
        return Response.of(status, headers, words.body());
    }
}
