package dev.tidemark.storage.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.config.CacheSettings.ClientFiles;
import dev.tidemark.storage.config.CacheSettings.InMemory;
import dev.tidemark.storage.config.CacheSettings.Login;
import dev.tidemark.storage.config.CacheSettings.None;
import dev.tidemark.storage.config.CacheSettings.Redis;
import dev.tidemark.storage.config.CacheSettings.Server;
import dev.tidemark.storage.config.CacheSettings.Tls;
import dev.tidemark.storage.config.CacheSettings.Unreadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheConfigurationTest extends ConfigurationTest {

    private static final String WITH_REDIS = FILESYSTEM + "  cache: {blobdescriptor: redis}\n";
    private static final Login NOBODY = new Login(null, null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cache: {blobdescriptor: inmemory}",
                "cache: {layerinfo: inmemory}",
                "cache: {blobdescriptor: inmemory, blobdescriptorsize: 10, layerinfo: redis}"
            })
    void aRegistryThatRemembersInMemory(String cache) throws IOException {
        assertThat(cache(FILESYSTEM + "  " + cache, Map.of())).isEqualTo(new InMemory());
    }

    /** The registry says that it knows no such cache, or says nothing, and goes without one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete: {enabled: true}",
                "cache:",
                "cache: {}",
                "cache: {blobdescriptor: }",
                "cache: {blobdescriptor: '', layerinfo: inmemory}",
                "cache: {blobdescriptor: InMemory}",
                "cache: {blobdescriptor: in-memory}",
                "cache: {blobdescriptor: true}",
                "cache: {BlobDescriptor: inmemory}",
                "cache: {blob_descriptor: redis}"
            })
    void aRegistryThatHasNoCacheWhateverWasMeant(String cache) throws IOException {
        assertThat(cache(FILESYSTEM + "  " + cache + "\nredis: {addr: 7}", Map.of()))
                .isEqualTo(new None());
    }

    @Test
    void theEnvironmentGoesBeforeTheFile() throws IOException {
        assertThat(cache(FILESYSTEM, Map.of("REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR", "inmemory")))
                .isEqualTo(new InMemory());
        assertThat(cache(
                        FILESYSTEM + "  cache: {layerinfo: inmemory}\n",
                        Map.of("REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR", "")))
                .isEqualTo(new None());
        assertThat(cache(
                        FILESYSTEM + "  cache: {blobdescriptor: inmemory}\n",
                        Map.of("REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR", "redis", "REGISTRY_REDIS_ADDR", "redis:6379")))
                .isEqualTo(redis(new Server("redis", 6379)));
    }

    @Test
    void version2NamesOneServer() throws IOException {
        assertThat(cache(WITH_REDIS + """
                redis:
                  addr: localhost:6379
                  password: 0123
                  db: 3
                  dialtimeout: 10ms
                  readtimeout: 10ms
                  writetimeout: 10ms
                  pool: {maxidle: 16, maxactive: 64, idletimeout: 300s}
                  tls: {enabled: true}
                """, Map.of()))
                .isEqualTo(new Redis(
                        List.of(new Server("localhost", 6379)),
                        Optional.empty(),
                        3,
                        new Login(null, "0123"),
                        NOBODY,
                        Optional.of(new Tls(Optional.empty(), List.of()))));
    }

    @Test
    void version3NamesAClusterOrSentinels() throws IOException {
        assertThat(cache(WITH_REDIS + """
                redis:
                  addrs: ["a:1", "[::1]:2", ":3"]
                  mastername: images
                  username: me
                  password: secret
                  sentinelusername: you
                  sentinelpassword: too
                  tls: {certificate: /c.pem, key: /k.pem, rootcas: [/ca.pem]}
                """, Map.of()))
                .isEqualTo(new Redis(
                        List.of(new Server("a", 1), new Server("::1", 2), new Server("localhost", 3)),
                        Optional.of("images"),
                        0,
                        new Login("me", "secret"),
                        new Login("you", "too"),
                        Optional.of(new Tls(
                                Optional.of(new ClientFiles(Path.of("/c.pem"), Path.of("/k.pem"))),
                                List.of(Path.of("/ca.pem"))))));
    }

    /** In version 3 the flag means nothing, and of a certificate without its key the registry makes no use. */
    @Test
    void aConnectionIsEncryptedWhereTheRegistryEncryptsIt() throws IOException {
        assertThat(((Redis) cache(WITH_REDIS + "redis: {addrs: ['a:1'], tls: {enabled: true}}", Map.of())).tls())
                .isEmpty();
        assertThat(((Redis) cache(WITH_REDIS + "redis: {addr: 'a:1', tls: {enabled: false}}", Map.of())).tls())
                .isEmpty();
        assertThat(((Redis) cache(WITH_REDIS + "redis: {addrs: ['a:1'], tls: {certificate: /c.pem}}", Map.of())).tls())
                .contains(new Tls(Optional.empty(), List.of()));
    }

    @Test
    void variablesSetSingleParameters() throws IOException {
        assertThat(cache(
                        WITH_REDIS + "redis: {addrs: ['a:1', 'b:2'], db: 1}",
                        Map.of(
                                "REGISTRY_REDIS_ADDRS_1", "c:3",
                                "REGISTRY_REDIS_OPTIONS_PASSWORD", "p",
                                "REGISTRY_REDIS_DB", "2",
                                "REGISTRY_REDIS_TLS_ROOTCAS", "[/ca.pem]",
                                "REGISTRY_REDIS_NOSUCH_THING", "x",
                                "REGISTRY_REDIS_POOL_MAXIDLE", "7")))
                .isEqualTo(new Redis(
                        List.of(new Server("a", 1), new Server("c", 3)),
                        Optional.empty(),
                        2,
                        new Login(null, "p"),
                        NOBODY,
                        Optional.of(new Tls(Optional.empty(), List.of(Path.of("/ca.pem"))))));
        assertThat(cache(WITH_REDIS + "redis: {addr: 'a:1', db: 1}", Map.of("REGISTRY_REDIS", "{addr: 'b:2'}")))
                .isEqualTo(redis(new Server("b", 2)));
        assertThat(cache(WITH_REDIS + "redis: {addr: 'a:1', addrs: ['a:1']}", Map.of()))
                .isEqualTo(redis(new Server("a", 1)));
    }

    /** Version 3.0 has all but TLS and the pool in a struct of its own, which the variable replaces as a whole. */
    @Test
    void aVariableReplacesTheOptionsAndLeavesTheirNeighbours() throws IOException {
        assertThat(cache(
                        WITH_REDIS + "redis: {addr: 'a:1', db: 1, tls: {rootcas: [/ca.pem]}}",
                        Map.of("REGISTRY_REDIS_OPTIONS", "{addrs: ['b:2']}")))
                .isEqualTo(new Redis(
                        List.of(new Server("b", 2)),
                        Optional.empty(),
                        0,
                        NOBODY,
                        NOBODY,
                        Optional.of(new Tls(Optional.empty(), List.of(Path.of("/ca.pem"))))));
    }

    @Test
    void variablesMakeAListFromItsFirstPlace() throws IOException {
        assertThat(cache(WITH_REDIS, Map.of("REGISTRY_REDIS_ADDRS_0", "a:1"))).isEqualTo(redis(new Server("a", 1)));
        assertThat(cache(WITH_REDIS, Map.of("REGISTRY_REDIS_ADDRS_1", "a:1")))
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        found -> assertThat(found.why())
                                .contains("REGISTRY_REDIS_ADDRS_1: the list has no such place: number them from 0"));
    }

    /** The section's keys are fields: in another case the file's are not read, and variables don't lead into them. */
    @Test
    void aKeyOfTheFileInAnotherCaseIsNone() throws IOException {
        assertThat(cache(
                        WITH_REDIS + "redis: {addrs: ['a:1'], TLS: {certificate: /c.pem, key: /k.pem}}",
                        Map.of("REGISTRY_REDIS_TLS_ROOTCAS_0", "/ca.pem")))
                .isInstanceOfSatisfying(
                        Redis.class,
                        redis -> assertThat(redis.tls())
                                .contains(new Tls(Optional.empty(), List.of(Path.of("/ca.pem")))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                 | redis.addr (in version 3 redis.addrs) is missing",
                "                                   | redis.addr (in version 3 redis.addrs) is missing",
                "{adress: 'a:1'}                    | redis.addr (in version 3 redis.addrs) is missing",
                "[a]                                | redis must be a map",
                "{addr: a}                          | redis.addr a is no address: write HOST:PORT",
                "{addr: 'a:99999'}                  | redis.addr a:99999 is no address",
                "{addr: [a]}                        | redis.addr is no text",
                "{addrs: 'a:1'}                     | redis.addrs is no list",
                "{addrs: [{}]}                      | redis.addrs has an entry that is no text",
                "{addrs: [/run/redis.sock]}         | is a socket of the registry's machine",
                "{addr: 'a:1', addrs: ['b:1']}      | name different servers",
                "{addr: 'a:1', db: first}           | redis.db is not a number",
                "{addr: 'a:1', tls: true}           | redis.tls must be a map",
                "{addr: 'a:1', tls: {enabled: 7}}   | redis.tls.enabled is neither true nor false"
            })
    void aSectionThatTheRegistryWouldNotStartWithIsOneLine(String section, String message) throws IOException {
        CacheSettings cache = cache(WITH_REDIS + "redis: " + (section == null ? "" : section), Map.of());

        assertThat(cache)
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        found -> assertThat(found.why())
                                .startsWith(directory.resolve("config.yml").toString())
                                .contains(message)
                                .doesNotContain("\n"));
    }

    @Test
    void noPasswordIsInALog() {
        assertThat(new Redis(
                                List.of(new Server("::1", 2)),
                                Optional.empty(),
                                0,
                                new Login("me", "secret"),
                                new Login("you", "secret"),
                                Optional.empty())
                        .toString())
                .doesNotContain("secret")
                .contains("[::1]:2");
        assertThat(new Login("me", "secret").toString()).doesNotContain("secret");
    }

    private static Redis redis(Server server) {
        return new Redis(List.of(server), Optional.empty(), 0, NOBODY, NOBODY, Optional.empty());
    }

    private CacheSettings cache(String yaml, Map<String, String> environment) throws IOException {
        return RegistryConfiguration.read(file(yaml), environment).cache();
    }
}
