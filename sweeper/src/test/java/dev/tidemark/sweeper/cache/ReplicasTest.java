package dev.tidemark.sweeper.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.storage.config.CacheSettings;
import dev.tidemark.storage.config.InvalidConfigurationException;
import dev.tidemark.sweeper.cache.Replicas.Replica;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicasTest {

    private static final String HOST = "registry-0:5000";

    @TempDir
    private Path directory;

    @Test
    void eachReplicaHasTheCredentialsOfItsHost() throws IOException {
        Path config = config("""
            {"auths": {
              "https://registry-0:5000/v1/": {"auth": "dXNlcjpwYTpzcw=="},
              "registry-1:5000": {"username": "other", "password": "secret"}}}
            """);

        assertThat(of(config, "http://registry-0:5000/", "https://registry-1:5000", "http://registry-2/"))
                .containsExactly(
                        new Replica(URI.create("http://registry-0:5000"), new Credentials("user", "pa:ss", null, null)),
                        new Replica(
                                URI.create("https://registry-1:5000"), new Credentials("other", "secret", null, null)),
                        new Replica(URI.create("http://registry-2"), Credentials.NONE));
    }

    @Test
    void noSecretIsPrinted() throws IOException {
        Path config = config("""
            {"auths": {"registry-0:5000": {
                "username": "user", "password": "secret", "identitytoken": "secret", "registrytoken": "secret"}}}
            """);

        assertThat(of(config, "http://registry-0:5000").toString())
                .contains("user=user")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"registry:5000", "ftp://registry", "http://", "http://registry?x=y", "http://a b", ""})
    void aTextThatIsNoAddressIsRefused(String text) {
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> Replicas.of(List.of(text), Optional.empty(), Optional.empty()))
                .withMessage(text
                        + " is no address of a replica: write one as http://10.0.0.7:5000 or https://registry-0:5000");
    }

    @Test
    void aPasswordInAnAddressIsRefusedAndNotRepeated() {
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(
                        () -> Replicas.of(List.of("http://user:secret@registry"), Optional.empty(), Optional.empty()))
                .withMessageStartingWith("the address of a replica at registry has a user in it: ");
    }

    @Test
    void twoReplicasHaveTwoAddresses() {
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() ->
                        Replicas.of(List.of("http://registry", "http://registry/"), Optional.empty(), Optional.empty()))
                .withMessageStartingWith("http://registry is there twice: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                {"auths": {"registry-0:5000": {"auth": "no base64"}}} | : 'auth' of registry-0:5000 is not the base64 of
                {"auths": {"registry-0:5000": {"auth": "dXNlcg=="}}}  | : 'auth' of registry-0:5000 is not the base64 of
                {"auths": {"registry-0:5000": {}}, "credsStore": "x"} | leaves the credentials of registry-0:5000 to a
                {"auths": {}, "credHelpers": {"registry-0:5000": ""}} | leaves the credentials of registry-0:5000 to a
                {"registry-0:5000": {"auth": "dXNlcjpwYXNz"}}         | has no object 'auths'
                {"auths": {"registry-0:5000"                          | is not JSON, at line 1
                """)
    void aFileWithoutReadableCredentialsIsRefused(String content, String why) throws IOException {
        Path config = config(content);

        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> of(config, "http://" + HOST))
                .withMessageStartingWith(config.toString())
                .withMessageContaining(why);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path none = directory.resolve("none.json");
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> of(none, "http://" + HOST))
                .withMessage(none + " can't be read: there is no such file");
    }

    @Test
    void onlyARegistryThatRemembersInMemoryHasReplicasToTell() {
        assertThat(Replicas.memory(new CacheSettings.InMemory())).isEqualTo(new CacheSettings.InMemory());
        assertThat(Replicas.memory(new CacheSettings.Unknown())).isEqualTo(new CacheSettings.InMemory());
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> Replicas.memory(new CacheSettings.None()))
                .withMessageStartingWith("the registry does not remember blobs in memory");
    }

    private static List<Replica> of(Path config, String... urls) {
        return Replicas.of(List.of(urls), Optional.of(config), Optional.empty())
                .orElseThrow()
                .all();
    }

    private Path config(String content) throws IOException {
        return Files.writeString(directory.resolve("config.json"), content);
    }
}
