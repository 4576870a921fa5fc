package dev.tidemark.storage.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and variables that are ignored, and look like some that are not. */
class NearMissesTest extends ConfigurationTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "filesystem: {rootdirectroy: /a}|storage.filesystem.rootdirectroy|rootdirectory|/var/lib/registry, "
                        + "its default",
                "filesystem: {RootDirectory: /a}|storage.filesystem.RootDirectory|rootdirectory|/var/lib/registry, "
                        + "its default",
                "filesystem: {root_directory: "
                        + "/a}|storage.filesystem.root_directory|rootdirectory|/var/lib/registry, its default",
                "filesystem: {rootdir: /a}|storage.filesystem.rootdir|rootdirectory|/var/lib/registry, its default",
                "filesystem: {directory: /a}|storage.filesystem.directory|rootdirectory|/var/lib/registry, its default",
                "s3: {bucket: b, region: r, rootdirectroy: /a}|storage.s3.rootdirectroy|rootdirectory|the bucket b",
                "s3: {bucket: b, region: r, rootdirectory: c, regionendpont: "
                        + "e}|storage.s3.regionendpont|regionendpoint|the bucket b, under c",
                "azure: {accountname: a, container: c, accountkey: a2V5, rootdir: /d}|storage.azure.rootdir|"
                        + "rootdirectory|the container c, at https://a.blob.core.windows.net",
                "s3aws: {bucket: b, region: r, endpoint: e}|storage.s3aws.endpoint|regionendpoint|the bucket b",
                "s3: {bucket: b, regionendpoint: e, secret: x, acesskey: y}|storage.s3.acesskey|accesskey|the "
                        + "bucket b, at https://e",
            })
    void aKeyThatLooksLikeOneThatSaysWhereTheDataIsIsDoubtful(String storage, String key, String meant, String place)
            throws IOException {
        assertThat(doubt("version: 0.1\nstorage:\n  " + storage, Map.of()))
                .hasValueSatisfying(doubt -> assertThat(doubt)
                        .startsWith(directory.resolve("config.yml") + ": the registry ignores ")
                        .contains(key + " (did you mean " + meant + "?)")
                        .endsWith(", and keeps its data in " + place));
    }

    @ParameterizedTest
    @CsvSource({
        "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTROY, REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY",
        "REGISTRY_STORAGE_FILESYSTEM_ROOT_DIRECTORY, REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY",
        "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY_X, REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY",
        "REGISTRY_STORGE_FILESYSTEM_ROOTDIRECTORY, REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY",
        "REGISTY_STORAGE_FILESYSTEM_ROOTDIRECTORY, REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY",
        "REGISTRY_STORAGES_FILESYTEM_ROOTDIRECTORY, REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY",
        "registry_storage_filesystem_rootdirectory, REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY",
        "REGISTRY_STORAG_S3_BUCKET, REGISTRY_STORAGE_S3_BUCKET",
        "REGISTRY_STORAG_S3AWS_REGION_ENDPOINT, REGISTRY_STORAGE_S3AWS_REGIONENDPOINT",
    })
    void aVariableThatLooksLikeOneThatSaysWhereTheDataIsIsDoubtful(String variable, String meant) throws IOException {
        assertThat(doubt(FILESYSTEM, Map.of(variable, "/b")))
                .hasValueSatisfying(doubt -> assertThat(doubt)
                        .endsWith("config.yml: the registry ignores " + variable + " (did you mean " + meant
                                + "?), and keeps its data in /a"));
        assertThat(doubt(FILESYSTEM, Map.of(variable, "/b", "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/c"))
                        .isPresent())
                .isNotEqualTo(meant.equals("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY"));
    }

    /** All that the registry or others know, and what looks like nothing that matters. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "filesystem: {rootdirectory: /a, maxthreads: 100, rootdirectroy: /b}",
                "filesystem: {maxthread: 100, comment: x}",
                "filesystem",
                "s3: {bucket: b, region: r, encrypt: true, keyid: k, v4auth: true, chunksize: 1, chunksizes: 1, "
                        + "multipartcopychunksize: 1, storageclass: x, objectacl: y, loglevel: z}",
                "s3: {bucket: b, region: r, objectownership: true, parallelwalk: true, maxrequestspersecond: 5, "
                        + "maxretries: 3}",
                "gcs: {bucket: b, chunksize: 1, maxconcurrency: 100, comment: x}",
                "oss: {bukcet: b}",
            })
    void aKeyThatLooksLikeNoneOfThemIsIgnored(String storage) throws IOException {
        Map<String, String> environment = Map.of(
                "REGISTRY_HTTP_ADDR",
                ":5000",
                "REGISTRY_PORT",
                "5000",
                "REGISTRY_STORAGES",
                "x",
                "REGISTRY_AUTH_HTPASSWD_PATH",
                "/x",
                "STORAGE_ROOT_DIRECTORY_X",
                "/x",
                "MY_STORAGE_S3_BUCKET",
                "x",
                "REGISTRY_STORAGE_DELETE_ENABLED",
                "true",
                "REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR",
                "inmemory");
        assertThat(doubt(
                        "version: 0.1\nstorage: " + (storage.contains("{") ? "{" + storage + "}" : storage),
                        environment))
                .isEmpty();
    }

    @Test
    void aMissingKeyMayHaveBeenMisspelt() {
        assertMessage(
                "version: 0.1\nstroage: {filesystem: {rootdirectory: /a}}",
                Map.of(),
                "no storage driver",
                "the registry ignores stroage (did you mean storage?)");
        assertMessage(
                "version: 0.1\nstorage: {s3: {bukcet: b, region: r}}",
                Map.of(),
                "storage.s3.bucket is missing",
                "the registry ignores storage.s3.bukcet (did you mean bucket?)");
        assertMessage(
                "version: 0.1\nstorage: {s3: {bucket: b, \"reg\\u2028ion\": r}}",
                Map.of(),
                "storage.s3.region is missing",
                "the registry ignores storage.s3.reg?ion (did you mean region?)");
    }

    @Test
    void aVariableThatSaysItRightlyLeavesNoDoubtOfTheFilesKeys() throws IOException {
        assertThat(doubt(
                        "version: 0.1\nstorage: {filesystem: {rootdirectroy: /a}}",
                        variables("_FILESYSTEM_ROOTDIRECTORY=/b")))
                .isEmpty();
    }
}
