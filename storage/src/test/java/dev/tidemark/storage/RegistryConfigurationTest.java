package dev.tidemark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.StorageSettings.Filesystem;
import dev.tidemark.storage.StorageSettings.Unsupported;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryConfigurationTest {

  @TempDir private Path directory;

  @Test
  void namesTheRootDirectory() throws IOException {
    assertThat(read("version: 0.1\nlog: {level: info}\nstorage:\n  cache: {blobdescriptor: inmemory}\n  filesystem:\n    rootdirectory: /srv/registry\n  delete: {enabled: true}\nnobody: knows\n"))
        .isEqualTo(new Filesystem(Path.of("/srv/registry")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"storage: filesystem", "storage: {filesystem: }", "storage: {filesystem: {}}", "storage: {filesystem: {maxthreads: 10}}"})
  void withoutARootDirectoryItIsTheDriversDefault(String storage) throws IOException {
    assertThat(read("version: 0.1\n" + storage)).isEqualTo(new Filesystem(Path.of("/var/lib/registry")));
  }

  @Test
  void nothingInItIsExpanded() throws IOException {
    assertThat(read("version: 0.1\nstorage: {filesystem: {rootdirectory: '${HOME}/registry'}}")).isEqualTo(new Filesystem(Path.of("${HOME}/registry")));
  }

  @Test
  void anchorsAndMergesAreFollowed() throws IOException {
    assertThat(read("version: 0.1\nbase: &base {rootdirectory: /srv}\nstorage: {filesystem: {<<: *base}}")).isEqualTo(new Filesystem(Path.of("/srv")));
  }

  @Test
  void theEnvironmentReplacesTheRootDirectory() throws IOException {
    assertThat(read("version: 0.1\nstorage: {filesystem: {rootdirectory: /a}}", "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/b"))
        .isEqualTo(new Filesystem(Path.of("/b")));
    assertThat(read("version: 0.1\nstorage: {filesystem: }", "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/b")).isEqualTo(new Filesystem(Path.of("/b")));
    assertThat(read("version: 0.1", "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/b")).isEqualTo(new Filesystem(Path.of("/b")));
  }

  @Test
  void theEnvironmentReplacesTheWholeBeforeItsParts() throws IOException {
    assertThat(
            RegistryConfiguration.read(
                file("version: 0.1\nstorage: {s3: {bucket: x}}"),
                Map.of("REGISTRY_STORAGE", "filesystem", "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/b")))
        .isEqualTo(new Filesystem(Path.of("/b")));
    assertThat(read("version: 0.1\nstorage: {s3: {bucket: x}}", "REGISTRY_STORAGE_S3_BUCKET", "y")).isEqualTo(new Unsupported("s3", Map.of("bucket", "y")));
  }

  @Test
  void otherVariablesAreNoneOfOurs() throws IOException {
    assertThat(read("version: 0.1\nstorage: filesystem", "REGISTRY_HTTP_ADDR", ":[")).isEqualTo(new Filesystem(Path.of("/var/lib/registry")));
    assertThat(read("version: 0.1\nstorage: filesystem", "REGISTRY_STORAGE_DELETE_ENABLED", "true")).isInstanceOf(Filesystem.class);
  }

  @Test
  void aSecondDriverIsRefused() {
    assertRefused("version: 0.1\nstorage: {filesystem: {}, s3: {}}", "more than one storage driver");
    assertThatThrownBy(() -> read("version: 0.1\nstorage: filesystem", "REGISTRY_STORAGE_S3_BUCKET", "x"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("filesystem, s3");
  }

  @Test
  void whatIsNoConfigurationIsRefusedInOneLine() {
    assertRefused("", "version: 0.1");
    assertRefused("storage: filesystem", "version: 0.1");
    assertRefused("version: 0.2\nstorage: filesystem", "version: 0.1");
    assertRefused("version: 0.1", "no storage driver");
    assertRefused("version: 0.1\nstorage: {delete: {enabled: true}}", "no storage driver");
    assertRefused("version: 0.1\nstorage: [filesystem]", "no mapping");
    assertRefused("version: 0.1\nstorage: {filesystem: /srv}", "no mapping");
    assertRefused("just text", "no mapping");
    assertRefused("version: 0.1\nstorage:\n\tfilesystem:", "line 3");
    assertRefused("version: 0.1\nstorage: filesystem\nstorage: s3", "duplicate");
    assertRefused("version: 0.1\nstorage: {filesystem: {rootdirectory: \"a\\0b\"}}", "no path");
    assertThatThrownBy(() -> RegistryConfiguration.read(directory, Map.of())).isInstanceOf(InvalidConfigurationException.class).hasMessageContaining(directory.toString());
  }

  @Property(tries = 300)
  void anyBytesGiveSettingsOrOneLine(@ForAll byte[] bytes) throws IOException {
    Path file = Files.createTempFile("config", ".yml");
    try {
      Files.write(file, bytes);
      assertThat(RegistryConfiguration.read(file, Map.of())).isNotNull();
    } catch (InvalidConfigurationException e) {
      assertThat(e.getMessage()).hasLineCount(1);
    } finally {
      Files.delete(file);
    }
  }

  private void assertRefused(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(InvalidConfigurationException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(message).hasLineCount(1));
  }

  private StorageSettings read(String yaml, String... variable) throws IOException {
    return RegistryConfiguration.read(file(yaml), variable.length == 0 ? Map.of() : Map.of(variable[0], variable[1]));
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(directory.resolve("config.yml"), yaml);
  }
}
