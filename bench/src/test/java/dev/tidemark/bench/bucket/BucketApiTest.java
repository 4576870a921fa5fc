package dev.tidemark.bench.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Azure and GCS answer otherwise than S3. */
class BucketApiTest {

    private static final String CONTAINER = "/bench/registry";
    private static final String OBJECTS = "/storage/v1/b/registry/o";

    private final ObjectStore store = new ObjectStore();
    private final AzureBucketApi azure = new AzureBucketApi("registry", store);
    private final GcsBucketApi gcs = new GcsBucketApi("registry", store);

    @Test
    void listsAContainerPageByPage() {
        put("a/1", "a/b/1", "a/b/2", "a/c", "b");
        assertThat(all(
                        azure,
                        CONTAINER,
                        Map.of("comp", "list", "prefix", "a/", "maxresults", "1"),
                        "marker",
                        "NextMarker"))
                .containsExactly("a/1", "a/b/1", "a/b/2", "a/c");
        assertThat(all(
                        azure,
                        CONTAINER,
                        Map.of("comp", "list", "prefix", "a/", "maxresults", "1", "delimiter", "/"),
                        "marker",
                        "NextMarker"))
                .containsExactly("a/1", "a/b/", "a/c");
    }

    @Test
    void listsABucketOfGcsPageByPage() {
        put("a/1", "a/b/1", "a/b/2", "a/c", "b");
        assertThat(all(gcs, OBJECTS, Map.of("prefix", "a/", "maxResults", "1"), "pageToken", "nextPageToken"))
                .containsExactly("a/1", "a/b/1", "a/b/2", "a/c");
        assertThat(all(
                        gcs,
                        OBJECTS,
                        Map.of("prefix", "a/", "maxResults", "1", "startOffset", "a/b/2"),
                        "pageToken",
                        "nextPageToken"))
                .containsExactly("a/b/2", "a/c");
    }

    @Test
    void readsAPart() {
        put("key");
        assertThat(send(azure, "GET", CONTAINER + "/key", Map.of(), Map.of("x-ms-range", "bytes=1-9"), ""))
                .isEqualTo("206 ey");
        assertThat(send(gcs, "GET", OBJECTS + "/key", Map.of("alt", "media"), Map.of("range", "bytes=1-9"), ""))
                .isEqualTo("206 ey");
        assertThat(send(gcs, "GET", OBJECTS + "/other", Map.of(), Map.of(), "")).startsWith("404 ");
        assertThat(send(azure, "HEAD", CONTAINER + "/other", Map.of(), Map.of(), ""))
                .isEqualTo("404 ");
    }

    @Test
    void deletesOfABatchOnlyWhatIsAsItWas() {
        put("a", "b");
        String ofAzure = send(
                azure,
                "POST",
                CONTAINER,
                Map.of("comp", "batch"),
                Map.of("content-type", "multipart/mixed; boundary=x"),
                part("0", "DELETE /bench/registry/a HTTP/1.1\r\nIf-Match: \"0xOLD\"\r\n")
                        + part("1", "DELETE /bench/registry/b HTTP/1.1\r\n")
                        + "--x--\r\n");
        assertThat(ofAzure)
                .containsSubsequence("Content-ID: 0\r\n", "HTTP/1.1 412", "Content-ID: 1\r\n", "HTTP/1.1 202");
        assertThat(store.get("a")).isPresent();
        assertThat(store.get("b")).isEmpty();

        String ofGcs = send(
                gcs,
                "POST",
                "/batch/storage/v1",
                Map.of(),
                Map.of("content-type", "multipart/mixed; boundary=x"),
                part("<item0>", "DELETE /storage/v1/b/registry/o/a?ifGenerationMatch=1 HTTP/1.1\r\n")
                        + part("<item1>", "DELETE /storage/v1/b/registry/o/a?ifGenerationMatch=0000 HTTP/1.1\r\n")
                        + "--x--\r\n");
        assertThat(ofGcs)
                .containsSubsequence(
                        "Content-ID: <response-item0>", "HTTP/1.1 412", "Content-ID: <response-item1>", "HTTP/1.1 204");
        assertThat(store.get("a")).isEmpty();
    }

    private static String part(String id, String request) {
        return "--x\r\nContent-Type: application/http\r\nContent-ID: " + id + "\r\n\r\n" + request + "\r\n";
    }

    private void put(String... keys) {
        for (String key : keys) {
            store.put(key, key.getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
        }
    }

    /** All names of all pages, which have one each. */
    private static List<String> all(
            BucketApi api, String path, Map<String, String> query, String parameter, String next) {
        Pattern name = Pattern.compile("(?:<Name>|\"name\":\"|\"prefixes\":\\[\")([^<\"]+)");
        Pattern token = Pattern.compile(next + "(?:>|\":\")([^<\"]+)");
        List<String> names = new ArrayList<>();
        Map<String, String> asked = new HashMap<>(query);
        while (true) {
            String page = send(api, "GET", path, asked, Map.of(), "");
            Matcher found = name.matcher(page);
            assertThat(found.find()).as(page).isTrue();
            names.add(found.group(1));
            Matcher more = token.matcher(page);
            if (!more.find()) {
                return names;
            }
            asked.put(parameter, more.group(1));
        }
    }

    private static String send(
            BucketApi api,
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            String body) {
        var request = new BucketRequest(method, path, query, headers, body.getBytes(StandardCharsets.UTF_8));
        Response response = api.answer(request, api.operation(request));
        return response.status() + " " + new String(response.body(), StandardCharsets.UTF_8);
    }
}
