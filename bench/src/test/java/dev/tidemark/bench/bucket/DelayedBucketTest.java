package dev.tidemark.bench.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DelayedBucketTest {

    private static final Pattern KEYS = Pattern.compile("<(?:Key|CommonPrefixes><Prefix)>([^<]*)<");
    private static final Pattern TOKEN = Pattern.compile("<NextContinuationToken>([^<]*)<");

    private final ObjectStore store = new ObjectStore();
    private final DelayedBucket server =
            DelayedBucket.start(new S3BucketApi("bucket", store), store, Duration.ofMillis(20), 0);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void stop() {
        server.close();
        http.close();
    }

    @Test
    void listsEverythingPageByPage() {
        put("a/1", "a/2", "a/b/1", "a/b/2", "a/c", "b");
        assertThat(all("prefix=a/&max-keys=2")).containsExactly("a/1", "a/2", "a/b/1", "a/b/2", "a/c");
        assertThat(all("prefix=a/&max-keys=2&start-after=a/2")).containsExactly("a/b/1", "a/b/2", "a/c");
    }

    @Test
    void groupsKeysPageByPage() {
        put("a/1", "a/b/1", "a/b/2", "a/c/1", "a/d", "b");
        assertThat(all("prefix=a/&delimiter=/&max-keys=1"))
                .containsExactly("a/1", "a/d", "a/b/", "a/c/")
                .doesNotHaveDuplicates();
    }

    @Test
    void listsNothingWhereNothingIs() {
        put("a");
        assertThat(all("prefix=b/")).isEmpty();
    }

    @Test
    void keysAreEscaped() {
        put("a&b");
        assertThat(send("GET", "?list-type=2", "").body()).contains("<Key>a&amp;b</Key>");
        assertThat(send("GET", "?list-type=2&encoding-type=url", "").body()).contains("<Key>a%26b</Key>");
    }

    @Test
    void readsObjectsWholeAndInPart() throws Exception {
        store.put("key", "content".getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
        assertThat(send("GET", "/key", "").body()).isEqualTo("content");
        assertThat(send("HEAD", "/key", "").headers().firstValue("content-length"))
                .contains("7");
        assertThat(send("GET", "/other", "").statusCode()).isEqualTo(404);
        var part =
                HttpRequest.newBuilder(uri("/key")).header("Range", "bytes=1-3").build();
        assertThat(http.send(part, BodyHandlers.ofString()).body()).isEqualTo("ont");
    }

    @Test
    void deletesManyAtOnce() {
        put("a", "b", "c&d");
        send("POST", "?delete", "<Delete><Object><Key>a</Key></Object><Object><Key>c&amp;d</Key></Object></Delete>");
        assertThat(all("")).containsExactly("b");
    }

    @Test
    void countsRequestsByOperation() {
        put("a");
        send("GET", "/a", "");
        send("GET", "/a", "");
        send("GET", "?list-type=2", "");
        assertThat(server.requests()).isEqualTo(Map.of("GetObject", 2L, "ListObjectsV2", 1L));
    }

    /** However long each takes, all are taken at once. */
    @Test
    @Timeout(600)
    void delayIsNoQueue() {
        try (var slow = DelayedBucket.start(new S3BucketApi("bucket", store), store, Duration.ofHours(1), 0)) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + slow.port() + "/bucket/a"))
                    .build();
            List<CompletableFuture<HttpResponse<String>>> answers = Stream.generate(
                            () -> http.sendAsync(request, BodyHandlers.ofString()))
                    .limit(200)
                    .toList();
            while (slow.requests().getOrDefault("GetObject", 0L) < 200) {
                assertThat(answers).noneMatch(CompletableFuture::isDone);
                Thread.onSpinWait();
            }
            answers.forEach(answer -> answer.cancel(true));
        }
    }

    @Test
    void aDeletedFileCanBeBroughtBack() {
        String hex = "ab".repeat(32);
        put(
                "docker/registry/v2/blobs/sha256/ab/" + hex + "/data",
                "docker/registry/v2/blobs/sha256/ab/" + hex + "/other");
        String before = asked("/-bench-blobs");
        send(
                "POST",
                "?delete",
                "<Delete><Object><Key>docker/registry/v2/blobs/sha256/ab/" + hex + "/data</Key></Object></Delete>");

        assertThat(before).contains("\"count\" : 1");
        assertThat(asked("/-bench-blobs")).contains("\"count\" : 0");
        assertThat(asked("/-bench-restore")).isEqualTo(before);
        assertThat(asked("/-bench-blobs")).isEqualTo(before);
        assertThat(server.requests()).containsOnlyKeys("DeleteObjects");
    }

    private String asked(String path) {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void put(String... keys) {
        for (String key : keys) {
            store.put(key, key.getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
        }
    }

    /** All keys and prefixes of all pages; within a page, keys come first. */
    private List<String> all(String query) {
        List<String> keys = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        String token = "";
        do {
            String page = send("GET", "?list-type=2&" + query + token, "").body();
            Matcher key = KEYS.matcher(page);
            while (key.find()) {
                (key.group(1).endsWith("/") ? prefixes : keys).add(key.group(1));
            }
            Matcher next = TOKEN.matcher(page);
            token = next.find() ? "&continuation-token=" + next.group(1) : "";
        } while (!token.isEmpty());
        keys.addAll(prefixes);
        return keys;
    }

    private HttpResponse<String> send(String method, String path, String body) {
        try {
            return http.send(
                    HttpRequest.newBuilder(uri(path))
                            .method(method, BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + "/bucket" + path);
    }
}
