package dev.tidemark.sweeper.cache;

import dev.tidemark.storage.config.CacheSettings.ClientFiles;
import dev.tidemark.storage.config.CacheSettings.Tls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/** Encrypted connections to a Redis, by the PEM files that the registry's configuration names. */
final class RedisTls {

    private static final Pattern KEY = Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");
    private static final String TYPE = "PKCS12";
    /** Of key stores that are in memory only. */
    private static final char[] PASSWORD = "memory".toCharArray();

    private final Tls files;

    RedisTls(Tls files) {
        this.files = files;
    }

    /**
     * The options of a client that checks the server's certificate and its name.
     *
     * @throws CacheException if a file can't be used
     */
    SslOptions options() {
        SslOptions.Builder options = SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL);
        try {
            if (!files.authorities().isEmpty()) {
                byte[] trusted = authorities();
                options.trustStoreType(TYPE).truststore(() -> new ByteArrayInputStream(trusted), PASSWORD);
            }
            if (files.client().isPresent()) {
                byte[] own = client(files.client().get());
                options.keyStoreType(TYPE).keystore(() -> new ByteArrayInputStream(own), PASSWORD);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new CacheException(
                    "the files of the section redis.tls can't be used: "
                            + (e instanceof IOException ? e.toString() : e.getMessage()),
                    e);
        }
        return options.build();
    }

    private byte[] authorities() throws IOException, GeneralSecurityException {
        KeyStore trusted = empty();
        for (Path file : files.authorities()) {
            for (Certificate certificate : certificates(file)) {
                trusted.setCertificateEntry("ca " + trusted.size(), certificate);
            }
        }
        return bytes(trusted);
    }

    private static byte[] client(ClientFiles files) throws IOException, GeneralSecurityException {
        KeyStore own = empty();
        Certificate[] chain = certificates(files.certificate()).toArray(Certificate[]::new);
        own.setKeyEntry("client", key(files.key()), PASSWORD, chain);
        return bytes(own);
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(TYPE);
        store.load(null, PASSWORD);
        return store;
    }

    private static byte[] bytes(KeyStore store) throws IOException, GeneralSecurityException {
        var out = new ByteArrayOutputStream();
        store.store(out, PASSWORD);
        return out.toByteArray();
    }

    private static Collection<Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(in));
        }
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(file));
        if (!pem.find()) {
            throw new InvalidKeySpecException(
                    file + " has no key as PKCS #8: make one of it by 'openssl pkcs8 -topk8 -nocrypt'");
        }
        var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException another) {
                // It is of another algorithm.
            }
        }
        throw new InvalidKeySpecException(file + " has a key of none of these: " + String.join(", ", ALGORITHMS));
    }
}
