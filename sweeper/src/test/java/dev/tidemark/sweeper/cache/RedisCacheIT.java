package dev.tidemark.sweeper.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.config.CacheSettings.ClientFiles;
import dev.tidemark.storage.config.CacheSettings.Login;
import dev.tidemark.storage.config.CacheSettings.Redis;
import dev.tidemark.storage.config.CacheSettings.Server;
import dev.tidemark.storage.config.CacheSettings.Tls;
import dev.tidemark.testkit.Certificate;
import dev.tidemark.testkit.FreePorts;
import dev.tidemark.testkit.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys in a real Redis, as the registry's sources have them. */
class RedisCacheIT {

    private static final String PASSWORD = "secret";
    private static final Login NOBODY = new Login(null, null);
    private static final char[] STORE = Certificate.PASSWORD.toCharArray();

    @TempDir
    private Path directory;

    @BeforeEach
    void redisIsInstalled() {
        assumeTrue(RedisServer.installed(), "redis-server is not installed: skipped");
    }

    @Test
    void aLinkThatIsGoneIsForgottenInItsRepositoryAndABlobInAll() {
        try (var redis = RedisServer.start(directory, PASSWORD);
                var cache = new RedisCache(settings(port(redis), PASSWORD, Optional.empty()))) {
            for (int blob : new int[] {1, 2}) {
                redis.command("HSET blobs::%s digest %s size 1".formatted(digest(blob), digest(blob)));
                for (String repository : List.of("a", "a/b")) {
                    redis.command("SADD repository::%s::blobs %s".formatted(repository, digest(blob)));
                    redis.command("HSET repository::%s::blobs::%s mediatype x".formatted(repository, digest(blob)));
                }
            }
            cache.check();

            cache.forget(List.of(eligible(Kind.LAYER, "a", 1), eligible(Kind.MANIFEST, "a/b", 2)));
            assertThat(redis.command("KEYS *"))
                    .contains(
                            "blobs::" + digest(1),
                            "blobs::" + digest(2),
                            "repository::a::blobs::" + digest(2),
                            "repository::a/b::blobs::" + digest(1))
                    .doesNotContain("repository::a::blobs::" + digest(1), "repository::a/b::blobs::" + digest(2));
            assertThat(redis.command("SMEMBERS repository::a::blobs"))
                    .contains(digest(2))
                    .doesNotContain(digest(1));

            cache.forget(List.of(eligible(Kind.BLOB, null, 2)));
            assertThat(redis.command("KEYS blobs::*")).contains(digest(1)).doesNotContain(digest(2));
        }
    }

    @Test
    void thousandsAreForgotten() {
        try (var redis = RedisServer.start(directory, PASSWORD);
                var cache = new RedisCache(settings(port(redis), PASSWORD, Optional.empty()))) {
            List<Eligible> gone = new ArrayList<>();
            for (int i = 0; i < 2_500; i++) {
                gone.add(eligible(Kind.BLOB, null, i));
            }
            redis.command("HSET blobs::" + digest(2_499) + " digest x");
            redis.command("HSET blobs::" + digest(2_500) + " digest x");

            cache.forget(gone);

            assertThat(redis.command("KEYS *")).contains(digest(2_500)).doesNotContain(digest(2_499));
        }
    }

    @Test
    void aRefusalOfRedisIsOneLine() {
        try (var redis = RedisServer.start(directory, PASSWORD);
                var wrong = new RedisCache(settings(port(redis), "wrong", Optional.empty()));
                var cache = new RedisCache(settings(port(redis), PASSWORD, Optional.empty()))) {
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(wrong::check)
                    .withMessageMatching(
                            "the registry's cache, Redis at .*, can't be told what is gone: .*WRONGPASS.*");

            redis.command("SET blobs::" + digest(1) + " x");
            redis.command("SET repository::a::blobs x");
            assertThatExceptionOfType(CacheException.class)
                    .as("an error in the midst of many answers")
                    .isThrownBy(() -> cache.forget(List.of(eligible(Kind.LAYER, "a", 1), eligible(Kind.BLOB, null, 1))))
                    .withMessageContaining("WRONGTYPE");
        }
    }

    @Test
    void aConnectionIsEncryptedByTheFilesOfTheRegistry() throws Exception {
        KeyStore store = KeyStore.getInstance(
                Certificate.of("ip:127.0.0.1", directory).keyStore().toFile(), STORE);
        Path certificate = pem("CERTIFICATE", store.getCertificate("server").getEncoded());
        Path key = pem("PRIVATE KEY", store.getKey("server", STORE).getEncoded());
        int port = FreePorts.of(1).getFirst();
        try (var redis = RedisServer.start(
                        directory,
                        PASSWORD,
                        "--tls-port",
                        "" + port,
                        "--tls-cert-file",
                        certificate.toString(),
                        "--tls-key-file",
                        key.toString(),
                        "--tls-ca-cert-file",
                        certificate.toString());
                var cache = new RedisCache(settings(
                        port,
                        PASSWORD,
                        Optional.of(new Tls(Optional.of(new ClientFiles(certificate, key)), List.of(certificate)))));
                var stranger =
                        new RedisCache(settings(port, PASSWORD, Optional.of(new Tls(Optional.empty(), List.of()))))) {
            redis.command("HSET blobs::" + digest(1) + " digest x");

            cache.check();
            cache.forget(List.of(eligible(Kind.BLOB, null, 1)));

            assertThat(redis.command("KEYS *")).doesNotContain("blobs");
            assertThatExceptionOfType(CacheException.class)
                    .as("a certificate of an authority that is not known")
                    .isThrownBy(stranger::check);
        }
    }

    private Path pem(String kind, byte[] content) throws Exception {
        return Files.writeString(
                directory.resolve(kind.replace(' ', '-') + ".pem"),
                "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                        .formatted(
                                kind,
                                Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content),
                                kind));
    }

    private static int port(RedisServer redis) {
        return Integer.parseInt(redis.address().split(":")[1]);
    }

    private static Redis settings(int port, String password, Optional<Tls> tls) {
        return new Redis(
                List.of(new Server("127.0.0.1", port)), Optional.empty(), 0, new Login(null, password), NOBODY, tls);
    }

    private static String digest(int number) {
        return "sha256:%064x".formatted(number);
    }

    private static Eligible eligible(Kind kind, String repository, int number) {
        return new Eligible(
                new RunId("20260101-000000"),
                kind,
                Digest.parse(digest(number)),
                repository,
                null,
                1,
                "test",
                0,
                List.of(),
                null);
    }
}
