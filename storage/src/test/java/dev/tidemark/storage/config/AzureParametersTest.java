package dev.tidemark.storage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.config.StorageSettings.Azure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AzureParametersTest {

    @TempDir
    private Path directory;

    @Test
    void version2KnowsAnAccountAKeyAndAContainer() throws IOException {
        assertThat(read("azure: {accountname: acme, accountkey: c2VjcmV0, container: images}", Map.of()))
                .isEqualTo(new Azure(
                        "acme",
                        "images",
                        "",
                        "https://acme.blob.core.windows.net",
                        new Azure.SharedKey("c2VjcmV0"),
                        false));
        assertThat(read(
                                "azure: {accountname: acme, accountkey: c2VjcmV0, container: images, realm: "
                                        + "core.chinacloudapi.cn}",
                                Map.of())
                        .serviceUrl())
                .isEqualTo("https://acme.blob.core.chinacloudapi.cn");
    }

    @Test
    void version3KnowsOtherCredentialsARootAndAnAddress() throws IOException {
        assertThat(read("""
                azure: {accountname: acme, container: images, rootdirectory: /some/where, skipverify: true,
                  serviceurl: "http://127.0.0.1:10000/acme/", max_retries: 3, retry_delay: 1s,
                  credentials: {type: client_secret, tenantid: t, clientid: c, secret: s}}
                """.replace("\n", " "), Map.of()))
                .isEqualTo(new Azure(
                        "acme",
                        "images",
                        "/some/where",
                        "http://127.0.0.1:10000/acme",
                        new Azure.ClientSecret("t", "c", "s"),
                        true));
        assertThat(read(
                                "azure: {accountname: acme, container: images, "
                                        + "credentials: {type: default_credentials}}",
                                Map.of())
                        .credentials())
                .isEqualTo(new Azure.DefaultCredentials());
    }

    @Test
    void variablesReachEachOfThem() throws IOException {
        assertThat(read(
                        "azure: {accountname: acme, container: images}",
                        Map.of(
                                "REGISTRY_STORAGE_AZURE_ACCOUNTKEY",
                                "c2VjcmV0",
                                "REGISTRY_STORAGE_AZURE_CONTAINER",
                                "others",
                                "REGISTRY_STORAGE_AZURE_CREDENTIALS_TYPE",
                                "shared_key")))
                .returns("others", Azure::container)
                .returns(new Azure.SharedKey("c2VjcmV0"), Azure::credentials);
    }

    @Test
    void noSecretIsLogged() throws IOException {
        assertThat(read("azure: {accountname: acme, accountkey: c2VjcmV0, container: images}", Map.of())
                        .toString())
                .contains("acme", "images")
                .doesNotContain("c2VjcmV0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "azure: {accountkey: a, container: c}|storage.azure.accountname is missing",
                "azure: {accountname: a, accountkey: c2VjcmV0}|storage.azure.container is missing",
                "azure: {accountname: a, container: c}|storage.azure.accountkey is missing",
                "azure: {accountname: a, container: c, accountkey: 'no key'}|storage.azure.accountkey is no key of an",
                "azure: {accountname: a, container: c, credentials: {type: other}}|storage.azure.credentials.type is "
                        + "other: write shared_key, client_secret or default_credentials",
                "azure: {accountname: a, container: c, credentials: {type: client_secret, tenantid: t, secret: "
                        + "s}}|storage.azure.credentials.clientid is missing",
                "azure: {accountname: a, container: c, credentials: shared_key}|storage.azure.credentials must be "
                        + "a map",
                "azure: {accountname: a, container: c, serviceurl: 'ftp://x'}|storage.azure.serviceurl ftp://x is no",
            })
    void aMissingOrWrongParameterIsNamed(String storage, String message) {
        assertThatThrownBy(() -> read(storage, Map.of()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(message);
    }

    private Azure read(String storage, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(directory.resolve("config.yml"), "version: 0.1\nstorage:\n  " + storage + "\n");
        return (Azure) RegistryConfiguration.read(file, environment).storage();
    }
}
