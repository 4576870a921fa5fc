package dev.tidemark.storage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** A configuration file and its environment, read as the registry reads them. */
abstract class ConfigurationTest {

    static final String FILESYSTEM = "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: /a\n";

    @TempDir
    Path directory;

    static Map<String, String> variables(String... variables) {
        Map<String, String> map = new HashMap<>();
        for (String variable : variables) {
            String[] parts = variable.split("=", 2);
            map.put("REGISTRY_STORAGE" + parts[0], parts[1]);
        }
        return map;
    }

    Path file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("config.yml"), yaml);
    }

    StorageSettings read(String yaml) throws IOException {
        return read(yaml, Map.of());
    }

    StorageSettings read(String yaml, Map<String, String> environment) throws IOException {
        return RegistryConfiguration.read(file(yaml), environment).storage();
    }

    Optional<String> doubt(String yaml, Map<String, String> environment) throws IOException {
        return RegistryConfiguration.read(file(yaml), environment).doubt();
    }

    void assertRefused(String yaml, Map<String, String> environment) {
        assertOneLine(catchThrowable(() -> read(yaml, environment)));
    }

    static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> RegistryConfiguration.read(file, Map.of()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }

    void assertMessage(String yaml, Map<String, String> environment, String... parts) {
        Throwable thrown = catchThrowable(() -> read(yaml, environment));
        assertOneLine(thrown);
        assertThat(Arrays.asList(parts)).allSatisfy(part -> assertThat(thrown).hasMessageContaining(part));
    }

    static void assertOneLine(Throwable thrown) {
        assertThat(thrown).isInstanceOf(InvalidConfigurationException.class);
        assertThat(thrown.getMessage())
                .doesNotContainPattern("\\p{Cntrl}")
                .doesNotContain(": null", "\u2028")
                .hasSizeLessThan(1_000);
    }
}
