package dev.tidemark.cli.warmup;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A bucket of S3 in this process that holds a directory's files, for {@link WarmUpCommand}: it knows what a collection
 * asks for, and checks no signature.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html">ListObjectsV2</a>
 */
final class SampleBucket implements AutoCloseable {

    private static final String PATH = "/sample/";
    private static final int PAGE = 1000;
    private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");
    /** Greater than what keys are made of, and text in XML. */
    private static final char AFTER_ALL = 0x7f;

    private static final String MODIFIED = "2020-01-01T00:00:00.000Z";

    private final Path directory;
    private final NavigableMap<String, Long> sizes = new ConcurrentSkipListMap<>();
    private final HttpServer server;

    private record Answer(int status, String type, byte[] body) {}

    /**
     * @throws IOException if the directory can't be read, or nothing be listened on
     */
    SampleBucket(Path directory) throws IOException {
        this.directory = directory;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                sizes.put(directory.relativize(file).toString(), Files.size(file));
            }
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** A registry's config.yml that names the bucket. */
    String configuration() {
        return """
        version: 0.1
        storage:
          s3:
            regionendpoint: http://127.0.0.1:%s
            region: us-east-1
            bucket: sample
            accesskey: sample
            secretkey: sample
            secure: false
            forcepathstyle: true
        """.formatted(Integer.toString(server.getAddress().getPort()));
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] sent = exchange.getRequestBody().readAllBytes();
            Answer answer = answer(exchange, new String(sent, StandardCharsets.UTF_8));
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.getResponseHeaders().set("Last-Modified", "Wed, 01 Jan 2020 00:00:00 GMT");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(answer.body().length));
                exchange.sendResponseHeaders(answer.status(), -1);
            } else {
                exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
                exchange.getResponseBody().write(answer.body());
            }
        }
    }

    private Answer answer(HttpExchange exchange, String body) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String key = path.length() > PATH.length() ? path.substring(PATH.length()) : "";
        return switch (exchange.getRequestMethod()) {
            case "GET", "HEAD" ->
                key.isEmpty() ? ofBucket(exchange.getRequestURI().getRawQuery()) : object(key);
            case "POST" -> xml(delete(body));
            default -> new Answer(501, "text/plain", new byte[0]);
        };
    }

    private Answer ofBucket(String query) {
        return xml(query.startsWith("versioning") ? "<VersioningConfiguration/>" : list(new Query(query)));
    }

    private static Answer xml(String document) {
        return new Answer(200, "application/xml", document.getBytes(StandardCharsets.UTF_8));
    }

    private Answer object(String key) throws IOException {
        return sizes.containsKey(key)
                ? new Answer(200, "application/octet-stream", Files.readAllBytes(directory.resolve(key)))
                : new Answer(
                        404,
                        "application/xml",
                        "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8));
    }

    private String delete(String document) {
        StringBuilder xml = new StringBuilder("<DeleteResult>");
        Matcher key = KEY.matcher(document);
        while (key.find()) {
            sizes.remove(key.group(1));
            xml.append("<Deleted><Key>").append(key.group(1)).append("</Key></Deleted>");
        }
        return xml.append("</DeleteResult>").toString();
    }

    private String list(Query query) {
        String prefix = query.of("prefix");
        String delimiter = query.of("delimiter");
        String after =
                query.of("continuation-token").isEmpty() ? query.of("start-after") : query.of("continuation-token");
        int most = query.of("max-keys").isEmpty() ? PAGE : Math.min(PAGE, Integer.parseInt(query.of("max-keys")));
        StringBuilder xml = new StringBuilder("<ListBucketResult>");
        String last = after.compareTo(prefix) < 0 ? prefix : after;
        for (int entries = 0; entries < most; entries++) {
            String key = sizes.higherKey(last);
            if (key == null || !key.startsWith(prefix)) {
                return xml.append("<IsTruncated>false</IsTruncated></ListBucketResult>")
                        .toString();
            }
            int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            if (end < 0) {
                last = key;
                xml.append("<Contents><Key>")
                        .append(key)
                        .append("</Key><LastModified>")
                        .append(MODIFIED)
                        .append("</LastModified><ETag>\"0\"</ETag><Size>")
                        .append(sizes.getOrDefault(key, 0L))
                        .append("</Size></Contents>");
            } else {
                String group = key.substring(0, end + delimiter.length());
                xml.append("<CommonPrefixes><Prefix>").append(group).append("</Prefix></CommonPrefixes>");
                last = group + AFTER_ALL;
            }
        }
        return xml.append("<IsTruncated>true</IsTruncated><NextContinuationToken>")
                .append(last)
                .append("</NextContinuationToken></ListBucketResult>")
                .toString();
    }

    /** The parameters of a request. */
    private record Query(String raw) {

        /** Empty if it isn't among them. */
        String of(String parameter) {
            return Stream.of(raw == null ? new String[0] : raw.split("&"))
                    .filter(part -> part.startsWith(parameter + "="))
                    .map(part -> URLDecoder.decode(part.substring(parameter.length() + 1), StandardCharsets.UTF_8))
                    .findFirst()
                    .orElse("");
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
