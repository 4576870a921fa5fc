package dev.tidemark.storage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3ParametersTest {

    @TempDir
    private Path directory;

    @Test
    void aParameterThatIsNotSaidIsAsTheRegistryHasIt() throws IOException {
        assertThat(read("s3: {bucket: images, region: eu-central-1}", Map.of()))
                .isEqualTo(new StorageSettings.S3(
                        "images",
                        "",
                        "eu-central-1",
                        null,
                        false,
                        null,
                        null,
                        null,
                        true,
                        false,
                        false,
                        false,
                        false,
                        null));
    }

    @Test
    void everythingIsReadUnderEitherNameAndWhatIsOfNoUseIsAccepted() throws IOException {
        String parameters = """
        %s: {bucket: images, region: here, regionendpoint: "s3.example:9000", rootdirectory: /some/where,
          accesskey: a, secretkey: b, sessiontoken: c, secure: "false", skipverify: T, v4auth: true,
          forcepathstyle: 0, accelerate: "1", usedualstack: true, usefipsendpoint: t, useragent: me, encrypt: true,
          keyid: k, storageclass: STANDARD_IA, chunksize: 5242880, multipartcopychunksize: x, objectacl: private}
        """;
        for (String name : new String[] {"s3", "s3aws"}) {
            // A number is no boolean for the registry either: it says so, and so does this; in quotes it is one.
            assertThat(read(
                            parameters
                                    .formatted(name)
                                    .replace("\n", " ")
                                    .replace("forcepathstyle: 0", "forcepathstyle: \"0\""),
                            Map.of()))
                    .isEqualTo(new StorageSettings.S3(
                            "images",
                            "/some/where",
                            "here",
                            "http://s3.example:9000",
                            false,
                            "a",
                            "b",
                            "c",
                            false,
                            true,
                            true,
                            true,
                            true,
                            "me"));
        }
    }

    @Test
    void anEndpointNamesTheBucketInThePathUnlessItIsToldOtherwise() throws IOException {
        assertThat(read("s3: {bucket: b, region: r, regionendpoint: e}", Map.of())
                        .pathStyle())
                .isTrue();
        assertThat(read("s3: {bucket: b, region: r, regionendpoint: e, forcepathstyle: false}", Map.of())
                        .pathStyle())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "minio:9000, true, https://minio:9000",
        "minio:9000, false, http://minio:9000",
        "http://minio:9000, true, http://minio:9000",
        "HTTPS://minio.example/below/, false, https://minio.example/below/",
        "'[::1]:9000', false, 'http://[::1]:9000'",
    })
    void anEndpointWithoutASchemeIsSpokenToAsTheRegistryIsTold(String endpoint, boolean secure, String address)
            throws IOException {
        assertThat(read(
                                "s3: {bucket: b, region: r, regionendpoint: '%s', secure: %s}"
                                        .formatted(endpoint, secure),
                                Map.of())
                        .endpoint())
                .isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ftp://minio:9000|it begins with neither http:// nor https://",
                "http://|Expected authority",
                ":|no host is in it",
                "minio:99999|there is no such port",
                "minio 9000|Illegal character",
                "http://project_minio_1:9000|Java looks up no host whose name has an underscore: give it another "
                        + "one (a network alias), or write its address",
            })
    void anEndpointThatIsNoAddressIsSaid(String endpoint, String why) {
        assertThatThrownBy(() -> read(
                        "s3: {bucket: b, region: r, regionendpoint: %s}".formatted("'" + endpoint + "'"), Map.of()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("config.yml")
                .hasMessageContaining("regionendpoint")
                .hasMessageContaining(why);
    }

    @Test
    void anEndpointNeedsNoRegion() throws IOException {
        assertThat(read("s3: {bucket: b, regionendpoint: e}", Map.of()).region())
                .isEqualTo("us-east-1");
        assertThat(read("s3: {bucket: b, regionendpoint: e, region: here}", Map.of())
                        .region())
                .isEqualTo("here");
    }

    @Test
    void variablesComeAfterTheFile() throws IOException {
        assertThat(read(
                        "s3: {bucket: b, region: r, accesskey: a}",
                        Map.of(
                                "REGISTRY_STORAGE_S3_SECRETKEY",
                                "hush",
                                "REGISTRY_STORAGE_S3_BUCKET",
                                "other",
                                "REGISTRY_STORAGE_S3_SECURE",
                                "false")))
                .returns("other", StorageSettings.S3::bucket)
                .returns("hush", StorageSettings.S3::secretKey)
                .returns(false, StorageSettings.S3::secure);
    }

    @Test
    void secretsAreNotShown() throws IOException {
        assertThat(read("s3: {bucket: b, region: r, accesskey: me, secretkey: hush, sessiontoken: psst}", Map.of())
                        .toString())
                .contains("b", "r")
                .doesNotContain("hush", "psst");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3: {region: r}|storage.s3.bucket is missing",
                "s3: {bucket: '', region: r}|storage.s3.bucket is missing",
                "s3aws: {bucket: b}|storage.s3aws.region is missing",
                "s3: {bucket: [b], region: r}|storage.s3.bucket is no text",
                "s3: {bucket: b, region: r, accesskey: a}|storage.s3.secretkey is missing",
                "s3: {bucket: b, region: r, secretkey: a}|storage.s3.accesskey is missing",
            })
    void aMissingParameterIsSaid(String storage, String message) {
        assertThatThrownBy(() -> read(storage, Map.of()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("config.yml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maybe", "2", "[true]", "0x1", "'yes'"})
    void aFlagThatIsNeitherTrueNorFalseIsRefused(String value) {
        for (String flag :
                new String[] {"secure", "skipverify", "forcepathstyle", "accelerate", "usedualstack", "usefipsendpoint"
                }) {
            assertThatThrownBy(() -> read("s3: {bucket: b, region: r, %s: %s}".formatted(flag, value), Map.of()))
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining(flag + " is neither true nor false");
        }
    }

    private StorageSettings.S3 read(String storage, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(directory.resolve("config.yml"), "version: 0.1\nstorage:\n  " + storage + "\n");
        return (StorageSettings.S3)
                RegistryConfiguration.read(file, environment).storage();
    }
}
