package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Patience;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.S3Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** The connection to a server: its address, and the message where nobody answers, or not as S3. */
class S3ConnectionTest extends S3Endpoint {

    private static final S3Client.Limits LONG_TRIES = new S3Client.Limits(Duration.ofMinutes(1), Duration.ofSeconds(1));

    /** As OpenStack Swift does: the end of a body, that there must not be, comes after it. */
    @Test
    void aLookThatIsNotAnsweredByHttpIsLeftToAListing() throws IOException {
        try (var server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (!server.isClosed()) {
                    try {
                        Socket connection = server.accept();
                        Thread.ofVirtual().start(() -> answerWithTooMuch(connection));
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
            try (Storage storage = S3Storage.open(
                    settings("http://127.0.0.1:" + server.getLocalPort(), true, false), new Calls(List.of()))) {
                for (int i = 0; i < 3; i++) {
                    assertThat(storage.stat("blobs/none")).isEmpty();
                }
            }
        }
    }

    private static void answerWithTooMuch(Socket connection) {
        String page = "<ListBucketResult><IsTruncated>false</IsTruncated>%s</ListBucketResult>";
        String object = "<Contents><Key>docker/registry/v2/one</Key></Contents>";
        try (connection) {
            var lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            for (String request = lines.readLine(); request != null; request = lines.readLine()) {
                while (!lines.readLine().isEmpty()) {
                    // A header.
                }
                String body = page.formatted(request.contains("blobs") ? "" : object);
                String answer = request.startsWith("HEAD")
                        ? "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                        : "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
                connection.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException gone) {
            // The client has closed it.
        }
    }

    @Test
    void anAnswerInOtherWordsThanS3sIsSaid() {
        try (S3Server server = S3Server.on(buckets)) {
            server.faults(
                    request -> Optional.of(new Answer.Plain(400, "Client sent an HTTP request to an HTTPS server.")));
            assertRefused(
                    settings(server.endpoint()),
                    server.endpoint() + " answers 400, and not as S3 does: check regionendpoint and secure");
            server.faults(request -> Optional.of(new Answer.Plain(502, "<html>no backend</html>")));
            assertRefused(settings(server.endpoint()), server.endpoint() + " answers 502");
        }
    }

    /** As "nobody answers at", or as "no connection to" where the SDK's pool loses a connection that is refused. */
    @Test
    void aServerThatIsNotThereIsSaid() throws IOException {
        int port;
        try (var taken = new ServerSocket(0)) {
            port = taken.getLocalPort();
        }
        String endpoint = "http://127.0.0.1:" + port;

        assertRefused(settings(endpoint), endpoint, "check regionendpoint");
    }

    /** As the SDK's pool does now and then with one that is refused: neither a connection nor a failure comes of it. */
    @Test
    void aConnectionThatNeverComesTakesNoWholeTry() throws IOException {
        List<Socket> waiting = new ArrayList<>();
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            while (connects(full, waiting)) {
                assertThat(waiting)
                        .as("connections that wait for a server which takes none")
                        .hasSizeLessThan(1000);
            }
            String endpoint = "http://127.0.0.1:" + full.getLocalPort();

            assertThatThrownBy(() -> S3Storage.open(settings(endpoint), false, LONG_TRIES, new Calls()))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.settled()).isTrue())
                    .message()
                    .matches("cannot list s3://registry/: (no connection to|nobody answers at) " + endpoint
                            + ".*: check regionendpoint \\(tried 5 times in \\d+ s\\)");
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    private static boolean connects(ServerSocket server, List<Socket> to) throws IOException {
        var socket = new Socket();
        to.add(socket);
        try {
            socket.connect(server.getLocalSocketAddress(), 1000);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /** The SDK looks no deeper than the first cause. */
    @Test
    void aFaultThatIsWrappedIsTriedAgain() {
        for (Throwable fault : List.of(
                new Throwable(
                        "Consider...", new TimeoutException("Acquire operation took longer than 10000 milliseconds.")),
                new IllegalStateException("cancelled", ApiCallAttemptTimeoutException.create(1000)))) {
            var tries = new AtomicInteger();
            try (S3AsyncClient client = S3Client.of(
                    settings("http://minio:9000"),
                    new Calls(),
                    new Patience(),
                    S3Client.LIMITS,
                    new Failing(fault, tries))) {
                assertThatThrownBy(() -> client.listBuckets().join()).hasRootCause(fault.getCause());
            }
            assertThat(tries).hasValue(5);
        }
    }

    /** Fails each request. */
    private record Failing(Throwable fault, AtomicInteger tries) implements SdkAsyncHttpClient {

        @Override
        public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
            tries.incrementAndGet();
            request.responseHandler().onError(fault);
            return CompletableFuture.failedFuture(fault);
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    @Test
    void theWaitForAConnectionIsSaid() {
        var late = SdkClientException.create(
                "Unable to execute HTTP request",
                new Throwable(
                        "Consider...", new TimeoutException("Acquire operation took longer than 10000 milliseconds.")));

        assertThat(new S3Failures(settings("http://minio:9000")).of("list", "", late, Duration.ZERO))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.settled()).isTrue())
                .hasMessage("cannot list s3://registry/: no connection to http://minio:9000 in time: check "
                        + "regionendpoint (tried for 1 s)");
    }

    @Test
    void aHostThatIsNotThereIsSaid() {
        var unknown = SdkClientException.create(
                "Received an UnknownHostException when attempting to interact with a service.",
                SdkClientException.create(
                        "Unable to execute HTTP request",
                        new UnknownHostException("minio.invalid: Name or service not known")));

        assertThat(new S3Failures(settings("http://minio.invalid:9000")).of("list", "", unknown, Duration.ZERO))
                .hasMessage("cannot list s3://registry/: there is no host minio.invalid: check regionendpoint (tried "
                        + "for 1 s)");
        assertThat(new S3Failures(settings("http://minio.invalid:9000", false, false))
                        .of("list", "", unknown, Duration.ZERO))
                .hasMessageContaining("check regionendpoint, or set forcepathstyle (tried");
        assertThat(new S3Failures(settings(null, false, false)).of("list", "", unknown, Duration.ZERO))
                .hasMessageContaining("check region (tried");
    }
}
