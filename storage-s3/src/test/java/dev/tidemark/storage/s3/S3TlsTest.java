package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.testkit.Certificate;
import dev.tidemark.testkit.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The connection to a server by TLS: whose certificate is accepted, and a server that speaks none. */
class S3TlsTest extends S3Endpoint {

    @Test
    void aCertificateThatNobodyTrustsIsNotAccepted() {
        try (S3Server server = S3Server.on(buckets, Certificate.of("ip:127.0.0.1", directory))) {
            assertRefused(
                    settings(server.endpoint()),
                    "the certificate of " + server.endpoint()
                            + " is not accepted (unable to find valid certification path",
                    "-Djavax.net.ssl.trustStore",
                    "skipverify");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aCertificateThatTheJvmTrustsIsAccepted() {
        Certificate certificate = Certificate.of("ip:127.0.0.1", directory);
        try (S3Server server = S3Server.on(buckets, certificate)) {
            trusting(certificate, () -> {
                assertReads(settings(server.endpoint()));
                String other = server.endpoint().replace("127.0.0.1", "localhost");
                assertRefused(
                        settings(other),
                        "the certificate of " + other + " is not accepted (No name matching localhost");
            });
        }
    }

    @Test
    void anyCertificateIsAcceptedIfTheRegistryTakesAny() {
        try (S3Server server = S3Server.on(buckets, Certificate.of("dns:elsewhere.example", directory))) {
            assertReads(settings(server.endpoint(), true, true));
        }
    }

    @Test
    void aServerThatSpeaksNoTlsIsSaid() throws IOException {
        var tls = new AtomicBoolean();
        try (var server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> hangUp(server, tls));
            String endpoint = "https://127.0.0.1:" + server.getLocalPort();

            assertRefused(
                    settings(endpoint),
                    endpoint + " closes the connection: if it always does, check regionendpoint and secure");
        }
        assertThat(tls).isTrue();
    }

    /** As a server that expects HTTP does with the first byte of TLS. */
    private static void hangUp(ServerSocket server, AtomicBoolean tls) {
        try {
            while (true) {
                try (Socket connection = server.accept()) {
                    tls.set(connection.getInputStream().read() == 22);
                }
            }
        } catch (SocketException e) {
            // Closed: the test is over.
            assertThat(server.isClosed()).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertReads(StorageSettings.S3 settings) {
        try (S3Storage storage = S3Storage.open(settings, new Calls())) {
            assertThat(storage.children("repositories"))
                    .extracting(Storage.Child::name)
                    .containsExactly("app");
        }
    }

    private static void trusting(Certificate certificate, Runnable action) {
        Map<String, String> properties = Map.of(
                "javax.net.ssl.trustStore",
                certificate.keyStore().toString(),
                "javax.net.ssl.trustStorePassword",
                Certificate.PASSWORD);
        properties.forEach(System::setProperty);
        try {
            action.run();
        } finally {
            properties.keySet().forEach(System::clearProperty);
        }
    }
}
