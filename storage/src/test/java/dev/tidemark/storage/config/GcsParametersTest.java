package dev.tidemark.storage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GcsParametersTest {

    @TempDir
    private Path directory;

    @Test
    void aParameterThatIsNotSaidIsAsTheRegistryHasIt() throws IOException {
        assertThat(read("gcs: {bucket: images}", Map.of()))
                .isEqualTo(new StorageSettings.Gcs("images", "", null, null, null, null));
    }

    @Test
    void everythingIsReadAndWhatIsOfNoUseIsAccepted() throws IOException {
        assertThat(read(
                        "gcs: {bucket: images, rootdirectory: /some/where, keyfile: /etc/key.json, chunksize: x, "
                                + "maxconcurrency: 100, useragent: me, credentials: {type: x}}",
                        Map.of()))
                .isEqualTo(
                        new StorageSettings.Gcs("images", "/some/where", Path.of("/etc/key.json"), null, null, "me"));
        assertThat(read("gcs: {bucket: 007}", Map.of()).bucket())
                .as("what the registry makes of it")
                .isEqualTo("7");
    }

    @Test
    void credentialsAreAKeyInJson() throws IOException {
        StorageSettings.Gcs read = read(
                "gcs: {bucket: b, credentials: {type: service_account, client_id: 12, private_key: \"a\\nb\"}}",
                Map.of());

        assertThat(JsonMapper.builder().build().readTree(read.credentials()))
                .isEqualTo(JsonMapper.builder()
                        .build()
                        .readTree("{\"type\":\"service_account\",\"client_id\":12,\"private_key\":\"a\\nb\"}"));
        assertThat(read.toString()).doesNotContain("private_key");
    }

    @Test
    void variablesComeAfterTheFile() throws IOException {
        assertThat(read(
                        "gcs: {bucket: b}",
                        Map.of(
                                "REGISTRY_STORAGE_GCS_BUCKET",
                                "other",
                                "REGISTRY_STORAGE_GCS_KEYFILE",
                                "/key.json",
                                "REGISTRY_STORAGE_GCS_ROOTDIRECTORY",
                                "/below")))
                .isEqualTo(new StorageSettings.Gcs("other", "/below", Path.of("/key.json"), null, null, null));
        assertThat(read("gcs: {bucket: b}", Map.of("REGISTRY_STORAGE_GCS_CREDENTIALS", "{type: service_account}"))
                        .credentials())
                .isEqualTo("{\"type\":\"service_account\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:9000, http://localhost:9000",
        "https://storage.example/, https://storage.example",
        "http://[::1]:4443, http://[::1]:4443",
    })
    void anotherServerIsNamedAsForGooglesClients(String variable, String endpoint) throws IOException {
        assertThat(read("gcs: {bucket: b}", Map.of("STORAGE_EMULATOR_HOST", variable))
                        .endpoint())
                .isEqualTo(endpoint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gcs: {rootdirectory: x}|storage.gcs.bucket is missing",
                "gcs: {bucket: ''}|storage.gcs.bucket is missing",
                "gcs: {bucket: }|storage.gcs.bucket is empty",
                "gcs: {bucket: [b]}|storage.gcs.bucket is no text",
                "gcs: {bucket: b, rootdirectory: }|storage.gcs.rootdirectory is empty",
                "gcs: {bucket: b, keyfile: }|storage.gcs.keyfile is empty",
                "gcs: {bucket: b, credentials: x}|storage.gcs.credentials must be a map",
                "gcs: {bucket: b, credentials: }|storage.gcs.credentials is empty",
            })
    void aValueThatTheRegistryDoesNotStartWithIsSaid(String storage, String message) {
        assertThatThrownBy(() -> read(storage, Map.of()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("config.yml");
    }

    @Test
    void anotherServerWithoutAnAddressIsSaid() {
        assertThatThrownBy(() -> read("gcs: {bucket: b}", Map.of("STORAGE_EMULATOR_HOST", "a b")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("STORAGE_EMULATOR_HOST a b is no address");
    }

    private StorageSettings.Gcs read(String storage, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(directory.resolve("config.yml"), "version: 0.1\nstorage:\n  " + storage + "\n");
        return (StorageSettings.Gcs)
                RegistryConfiguration.read(file, environment).storage();
    }
}
