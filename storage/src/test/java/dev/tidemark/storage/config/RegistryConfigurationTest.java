package dev.tidemark.storage.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.config.StorageSettings.Filesystem;
import dev.tidemark.storage.config.StorageSettings.Unsupported;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the registry can't be asked so easily, and where the collector is on the careful side of it. */
class RegistryConfigurationTest extends ConfigurationTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"filesystem", "{filesystem: }", "{filesystem: {}}", "{filesystem: {RootDirectory: /a}}", "*name"
            })
    void aRootDirectoryThatIsNotSaidIsTheDriversDefault(String storage) throws IOException {
        assertThat(read("name: &name filesystem\nversion: 0.1\nstorage: " + storage))
                .isEqualTo(new Filesystem(Path.of("/var/lib/registry"), true));
    }

    @Test
    void aVariableForTheDriverTakesTheRootDirectoryAway() throws IOException {
        assertThat(read(FILESYSTEM, variables("_FILESYSTEM=")))
                .isEqualTo(new Filesystem(Path.of("/var/lib/registry"), true));
        assertThat(read(FILESYSTEM, variables("=filesystem")))
                .isEqualTo(new Filesystem(Path.of("/var/lib/registry"), true));
    }

    @Test
    void anEmptyRootDirectoryIsTheTopOfTheFilesystem() throws IOException {
        assertThat(read("version: 0.1\nstorage: {filesystem: {rootdirectory: ''}}"))
                .isEqualTo(new Filesystem(Path.of("/")));
    }

    @Test
    void aNameIsTakenBackWhateverItLinksTo() throws IOException {
        Files.createDirectories(directory.resolve("elsewhere/inner"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("elsewhere/inner"));
        assertThat(read("version: 0.1\nstorage: {filesystem: {rootdirectory: %s/../a}}".formatted(link)))
                .isEqualTo(new Filesystem(directory.resolve("a")));
    }

    @Test
    void aByteOrderMarkSaysHowTheFileIsEncoded() throws IOException {
        Path file = Files.write(
                directory.resolve("config.yml"), ("\uFEFF" + FILESYSTEM).getBytes(StandardCharsets.UTF_16LE));
        assertThat(RegistryConfiguration.read(file, Map.of()).storage()).isEqualTo(new Filesystem(Path.of("/a")));
    }

    @Test
    void anotherDriverKeepsItsParameters() throws IOException {
        assertThat(read(
                        "version: 0.1\nstorage: {oss: {bucket: x, secure: true, chunksize: 5242880, region: , "
                                + "more: {list: [a]}}}",
                        variables("_OSS_BUCKET=y", "_OSS_ENCRYPT=true", "_OSS_MORE_TEXT=b")))
                .isInstanceOfSatisfying(Unsupported.class, oss -> {
                    assertThat(oss.driver()).isEqualTo("oss");
                    assertThat(oss.parameters())
                            .containsEntry("bucket", "y")
                            .containsEntry("secure", true)
                            .containsEntry("encrypt", true)
                            .containsEntry("chunksize", 5242880)
                            .containsEntry("region", null)
                            .containsEntry("more", Map.of("list", List.of("a"), "text", "b"));
                });
        assertThat(read("version: 0.1\nstorage: inmemory")).isEqualTo(new Unsupported("inmemory", Map.of()));
        assertThat(read("version: 0.1\nstorage: Filesystem")).isEqualTo(new Unsupported("Filesystem", Map.of()));
    }

    @Test
    void settingsDontShowSecrets() {
        assertThat(new Unsupported("s3", Map.of("secretkey", "hush")).toString())
                .contains("secretkey")
                .doesNotContain("hush");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "~",
                "null",
                "010",
                "0x10",
                "1_000",
                "1.50",
                "1e3",
                "yes",
                "on",
                "true",
                ".inf",
                "{a: b}",
                "[a]",
                "!!binary aGk="
            })
    void aRootDirectoryThatIsNoTextIsRefusedWhereTheRegistryMakesUpAName(String root) {
        assertRefused("version: 0.1\nstorage: {filesystem: {rootdirectory: %s}}".formatted(root), Map.of());
        assertRefused(FILESYSTEM, variables("_FILESYSTEM_ROOTDIRECTORY=" + root));
    }

    @Test
    void theLimitsOfTagsStandBesideTheDriverAsInVersion3() throws IOException {
        assertThat(read(FILESYSTEM + "  tag: {concurrencylimit: 5}\n", variables("_TAG_CONCURRENCYLIMIT=6")))
                .isEqualTo(new Filesystem(Path.of("/a")));
    }

    @Test
    void aSectionThatTheRegistryRefusesElsewhereIsNotLookedAt() throws IOException {
        Map<String, String> environment = Map.of("REGISTRY_LOG_LEVEL", "[", "REGISTRY_STORAGES", "[", "OTHER", "[");
        assertThat(read(FILESYSTEM + "    maxthreads: many\nhttp: 5\n", environment))
                .isEqualTo(new Filesystem(Path.of("/a")));
    }
}
