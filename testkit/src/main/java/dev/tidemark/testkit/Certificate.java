package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate that nobody has signed but its own key, for a host.
 *
 * @param keyStore a PKCS #12 file with the key and the certificate; as a trust store it trusts that certificate only
 */
public record Certificate(Path keyStore) {

    public static final String PASSWORD = "password";

    /**
     * Makes one with the JDK's keytool.
     *
     * @param san whom it is for, as keytool takes it: {@code ip:127.0.0.1}, {@code dns:localhost}
     * @param directory where its file is to be
     */
    public static Certificate of(String san, Path directory) {
        Path file = directory.resolve("certificate.p12");
        var keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=server",
                "-ext",
                "san=" + san,
                "-ext",
                "bc=ca:true",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD);
        try {
            Process process = keytool.redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool failed: " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return new Certificate(file);
    }

    /** A file with the certificate in PEM: what programs that are not in Java are to trust. */
    public Path pem() {
        try {
            KeyStore store = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
            String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(store.getCertificate("server").getEncoded());
            return Files.writeString(
                    keyStore.resolveSibling("certificate.pem"),
                    "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(keyStore + " has no certificate", e);
        }
    }

    /** The TLS context of a server with this certificate. */
    SSLContext server() {
        try {
            KeyStore store = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(keyStore + " has no key for a server", e);
        }
    }
}
