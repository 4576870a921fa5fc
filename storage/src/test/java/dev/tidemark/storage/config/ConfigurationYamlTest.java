package dev.tidemark.storage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tidemark.storage.config.StorageSettings.Filesystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Any file gives settings, or one line that says where it is wrong. */
class ConfigurationYamlTest extends ConfigurationTest {

    /** For the properties, which JUnit gives no directory. */
    private static final Path CONFIG = temporary();

    @Test
    void messagesSayWhereAndWhatToDo() {
        assertMessage(
                "version: 0.1\nstorage:\n\tfilesystem:\n", Map.of(), "config.yml, line 3: found character '\\t(TAB)'");
        assertMessage(
                FILESYSTEM + "# \u001b[2J",
                Map.of(),
                "config.yml, line 5: control characters are not allowed (ESCAPE)");
        assertMessage("version: \"\\x", Map.of(), "config.yml: this can't be read as YAML");
        assertMessage("a: b\nstorage: filesystem", Map.of(), "line 1: the version is missing", "says 'version: 0.1'");
        assertMessage("a: b\nversion: 0.10", Map.of(), "line 2: the version is \"0.10\": only \"0.1\" is known");
        assertMessage("version: 0.1\nstorage:\n  filesystem: /a", Map.of(), "line 3: storage.filesystem must be a map");
        assertMessage("version: 0.1\nstorage: &x\n  filesystem: {a: *x}", Map.of(), "does an alias contain itself?");
        assertMessage("version: 0.1", Map.of(), "no storage driver: add one");
        assertMessage(
                FILESYSTEM,
                variables("_FILESYSTEM_ROOTDIRECTORY="),
                "config.yml with REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY",
                "is empty: write");
        assertMessage(FILESYSTEM, variables("_FILESYSTEM=[a"), "REGISTRY_STORAGE_FILESYSTEM, line 1: expected");
        assertMessage(
                FILESYSTEM,
                variables("_S3_BUCKET=x"),
                "config.yml with REGISTRY_STORAGE_S3_BUCKET: more than one storage driver: filesystem, s3: keep one");
        assertMessage(
                "version: 0.1\nstorage: {filesystem: {rootdirectory: \"a\\0\\n\\e[2Jb\"}}",
                Map.of(),
                "\"a???[2Jb\" is no path here");
        assertMessage("version: 0.1\nstorage: {\"a\\n\\u2028\\u202e\": 5}", Map.of(), "storage.a??? must be a map");
    }

    @Test
    void aFileThatIsNoneIsRefused() throws IOException {
        assertRefused(directory, "is a directory: name the config.yml in it");
        assertRefused(directory.resolve("none.yml"), "does not exist");
        assertRefused(Files.write(directory.resolve("binary"), new byte[] {0, 1, (byte) 0xff}), "is not UTF-8 text");
        assertRefused(Files.writeString(directory.resolve("large"), "# ".repeat(600_000)), "is larger than 1 MiB");
    }

    @Test
    void aFileThatMayNotBeReadIsRefused() throws IOException {
        Path file = file(FILESYSTEM);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "root reads everything");
        assertRefused(file, "cannot be read: run Tidemark as the registry's user");
    }

    @Test
    void aliasesThatMultiplyAreRefusedAtOnce() {
        StringBuilder yaml = new StringBuilder("version: 0.1\na0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            yaml.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertMessage(yaml + "storage: {filesystem: {x: *a39}}", Map.of(), "more than 1,000 values");
    }

    @Test
    void theDepthOfAConfigurationIsLimited() {
        assertRefused("version: 0.1\nstorage: {filesystem: {x: " + "[".repeat(100_000), Map.of());
    }

    @Property
    void aPathWrittenAsQuotedTextIsReadBack(@ForAll("paths") String path) throws IOException {
        Filesystem expected = new Filesystem(Path.of("/" + path).normalize());
        String yaml = "version: 0.1\nstorage: {filesystem: {rootdirectory: %s}}";
        String doubled = '"' + ("/" + path).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        String single = "'" + ("/" + path).replace("'", "''") + "'";
        assertThat(readOnce(yaml.formatted(doubled))).isEqualTo(expected);
        assertThat(readOnce(yaml.formatted(single))).isEqualTo(expected);
        assertThat(RegistryConfiguration.read(CONFIG, variables("_FILESYSTEM_ROOTDIRECTORY=" + single))
                        .storage())
                .isEqualTo(expected);
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(60);
    }

    @Property(tries = 2_000)
    void anythingGivesSettingsOrOneLine(@ForAll("scraps") String text, @ForAll @StringLength(max = 20) String variable)
            throws IOException {
        assertSettingsOrOneLine(text, variables("_FILESYSTEM_ROOTDIRECTORY=" + variable));
        assertSettingsOrOneLine("version: 0.1\n" + text, Map.of());
        assertSettingsOrOneLine("version: 0.1\nstorage: " + text, variables("=" + text));
    }

    /** The pieces that YAML is made of, in any order. */
    @Provide
    Arbitrary<String> scraps() {
        Arbitrary<String> scrap = Arbitraries.of(
                "version: 0.1\n",
                "storage: ",
                "filesystem",
                "rootdirectory",
                ": ",
                "\n",
                "  ",
                "\t",
                "- ",
                "[",
                "]",
                "{",
                "}",
                ", ",
                "&x ",
                "*x ",
                "<<: ",
                "!!int ",
                "!!float ",
                "!!bool ",
                "!!binary ",
                "!!null ",
                "!!set ",
                "!a%zz ",
                "!<",
                "%YAML 1.1\n",
                "%TAG ! ",
                "---\n",
                "...\n",
                "'",
                "\"",
                "\\U0FFFFFFF",
                "\\uD800",
                "\\x",
                "|",
                ">",
                "? ",
                "# ",
                "~",
                "0x_",
                "1:99",
                "/a",
                "\u0085",
                "\u2028",
                "\uFEFF",
                "é",
                "😀",
                "@",
                "`");
        return scrap.list().ofMaxSize(30).map(scraps -> String.join("", scraps));
    }

    @Property(tries = 2_000)
    void anyBytesGiveSettingsOrOneLine(@ForAll byte[] bytes) throws IOException {
        assertSettingsOrOneLine(bytes, Map.of());
    }

    private static StorageSettings readOnce(String yaml) throws IOException {
        return RegistryConfiguration.read(Files.writeString(CONFIG, yaml), Map.of())
                .storage();
    }

    private static void assertSettingsOrOneLine(String yaml, Map<String, String> environment) throws IOException {
        assertSettingsOrOneLine(yaml.getBytes(StandardCharsets.UTF_8), environment);
    }

    private static void assertSettingsOrOneLine(byte[] yaml, Map<String, String> environment) throws IOException {
        Files.write(CONFIG, yaml);
        try {
            assertThat(RegistryConfiguration.read(CONFIG, environment)).isNotNull();
        } catch (InvalidConfigurationException e) {
            assertOneLine(e);
        }
    }

    private static Path temporary() {
        try {
            Path file = Files.createTempFile("config", ".yml");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
