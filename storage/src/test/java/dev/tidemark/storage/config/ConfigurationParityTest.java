package dev.tidemark.storage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.storage.config.StorageSettings.Filesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case holds for docker-registry 2.8.2: one test reads it, and one asks the registry itself. */
class ConfigurationParityTest extends ConfigurationTest {

    /**
     * @param name what the case shows
     * @param yaml the configuration
     * @param environment its variables
     * @param root where the registry then looks for its data, or null if it refuses to start. {@code DIR} is a
     *     directory
     */
    private record Case(String name, String yaml, Map<String, String> environment, String root) {

        Case in(Path directory) {
            Map<String, String> variables = new HashMap<>();
            environment.forEach((key, value) -> variables.put(key, value.replace("DIR", directory.toString())));
            return new Case(name, yaml.replace("DIR", directory.toString()), variables, root);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Case found(String name, String root, String yaml, String... variables) {
        return new Case(name, yaml, variables(variables), root);
    }

    private static Case refused(String name, String yaml, String... variables) {
        return new Case(name, yaml, variables(variables), null);
    }

    static Stream<Case> cases() {
        String v = "version: 0.1\n";
        String a = "  filesystem: {rootdirectory: DIR/a}\n";
        String file = v + "storage:\n" + a;
        String base = "base: &base {rootdirectory: DIR/base}\nother: &other {rootdirectory: DIR/other}\n" + v;
        return Stream.of(
                found("the root directory", "a", file),
                found(
                        "other keys of the storage",
                        "a",
                        file + "  delete:\n  cache: {blobdescriptor: inmemory}\n  redirect: {}\n  maintenance: {}\n"),
                found("unknown keys", "a", file + "unknown: {also: [unknown]}\n"),
                found("an unquoted colon", "a:b", v + "storage: {filesystem: {rootdirectory: DIR/a:b}}"),
                found("no expansion", "${HOME}", v + "storage: {filesystem: {rootdirectory: 'DIR/${HOME}'}}"),
                found("a name taken back", "a", v + "storage: {filesystem: {rootdirectory: DIR//nowhere/../a/}}"),
                found("a relative one", "a", v + "storage: {filesystem: {rootdirectory: ./x/../a}}"),
                found(
                        "one that looks like a date",
                        "2001-01-01",
                        v + "storage: {filesystem: {rootdirectory: 2001-01-01}}"),
                found("a quoted number", "010", v + "storage: {filesystem: {rootdirectory: '010'}}"),
                found("a tag that nobody knows", "a", v + "storage: {filesystem: {rootdirectory: !unknown DIR/a}}"),
                found("a byte order mark", "a", "\uFEFF" + file),
                found("a document's end, and no YAML", "a", file + "...\n\t@"),
                found("a second document", "a", file + "---\nversion: 0.2\n"),
                found("a key twice", "b", v + "storage: {filesystem: {rootdirectory: DIR/a, rootdirectory: DIR/b}}"),
                found("a section twice", "b", file + "storage: {filesystem: {rootdirectory: DIR/b}}"),
                found("an alias", "a", "x: &x DIR/a\n" + v + "storage: {filesystem: {rootdirectory: *x}}"),
                found("a merge", "base", base + "storage: {filesystem: {<<: *base}}"),
                found("a merge before the key", "a", base + "storage: {filesystem: {<<: *base, rootdirectory: DIR/a}}"),
                found(
                        "a merge after the key",
                        "base",
                        base + "storage: {filesystem: {rootdirectory: DIR/a, <<: *base}}"),
                found("a merge of two", "base", base + "storage: {filesystem: {<<: [*base, *other]}}"),
                found(
                        "a merge at the top",
                        "a",
                        "x: &x {storage: {filesystem: {rootdirectory: DIR/a}}}\n" + v + "<<: *x\n"),
                found("the version as text", "a", file.replace("0.1", "'0.1'")),
                found("a variable", "b", file, "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
                found("a variable without a storage", "b", v, "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
                found("a variable and an empty storage", "b", v + "storage:\n", "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
                found(
                        "a variable and a driver's name",
                        "b",
                        v + "storage: filesystem",
                        "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
                found(
                        "a variable and a driver without parameters",
                        "b",
                        v + "storage: {filesystem: }",
                        "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
                found(
                        "a variable for a key of another case",
                        "b",
                        v + "storage: {filesystem: {RootDirectory: DIR/a}}",
                        "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
                found(
                        "a variable for a section of another case",
                        "b",
                        v + "Storage: {filesystem: {rootdirectory: DIR/a}}",
                        "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
                found("a variable in lower case", "b", file, "_filesystem_rootdirectory=DIR/b"),
                found("a variable with a comment", "b", file, "_FILESYSTEM_ROOTDIRECTORY=DIR/b # here"),
                found("a variable beyond a text", "a", file, "_FILESYSTEM_ROOTDIRECTORY_X=DIR/b"),
                found("a variable for the parameters", "b", file, "_FILESYSTEM={rootdirectory: DIR/b}"),
                found("a variable for the storage", "b", file, "={filesystem: {rootdirectory: DIR/b}}"),
                found(
                        "the whole before its parts",
                        "b",
                        v + "storage: {s3: {bucket: x}}",
                        "=filesystem",
                        "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
                found("a variable for another key", "a", file, "_DELETE_ENABLED=true"),
                found("a variable that ends in _", "a", file, "_FILESYSTEM_=x"),
                refused("nothing", ""),
                refused("a comment", "# nothing"),
                refused("a text", "hello"),
                refused("a list", "- version: 0.1"),
                refused("no version", "storage: filesystem"),
                refused("a version of nothing", "version:\nstorage: filesystem"),
                refused("another version", "version: 0.2\nstorage: filesystem"),
                refused("a version that is the same number", "version: 0.10\nstorage: filesystem"),
                refused("no storage", v),
                refused("an empty storage", v + "storage: {}"),
                refused("a storage of nothing", v + "storage:"),
                refused("an empty name", v + "storage: ''"),
                refused("a section twice, and then empty", file + "storage:\n"),
                refused("a storage without a driver", v + "storage: {delete: {enabled: true}}"),
                refused("a storage in another case", file.replace("storage", "Storage")),
                refused("a list of storages", v + "storage: [filesystem]"),
                refused("a text for parameters", v + "storage: {filesystem: DIR/a}"),
                refused("a list for parameters", v + "storage: {filesystem: []}"),
                refused("a boolean beside the driver", file + "  delete: true\n"),
                refused("two drivers", file + "  s3: {bucket: x}\n"),
                refused("two drivers, and a variable for the storage", file + "  s3: {bucket: x}\n", "=filesystem"),
                refused("a second driver by a merge", "x: &x {s3: {}}\n" + file + "  <<: *x\n"),
                refused("a second driver by a variable", file, "_S3_BUCKET=x"),
                refused("a driver in two cases", v + "storage: {Filesystem: }", "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
                refused("an empty variable for the storage", file, "="),
                refused("a variable that is no parameters", file, "_FILESYSTEM=DIR/b"),
                refused("a variable that is no YAML", file, "_FILESYSTEM_ROOTDIRECTORY=a: b: c"),
                refused("a variable that begins with a tab", file, "_FILESYSTEM_ROOTDIRECTORY=\tDIR/b"),
                refused("a tab", v + "storage:\n\tfilesystem:\n"),
                refused("an alias of nothing", v + "storage: *x"),
                refused("an alias in itself", v + "storage: &x {filesystem: *x}"),
                refused("a merge of a text", v + "storage: {filesystem: {<<: text}}"),
                refused("a map for a key", v + "storage: {filesystem: {{a: b}: c}}"),
                refused("a control character", file + "# \u0007"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aConfigurationIsReadAsTheRegistryReadsIt(Case each) throws IOException {
        Case here = each.in(directory);
        if (here.root == null) {
            assertRefused(here.yaml, here.environment);
        } else if (each.yaml.contains("DIR") || !each.environment.isEmpty()) {
            assertThat(read(here.yaml, here.environment)).isEqualTo(new Filesystem(directory.resolve(here.root)));
        } else {
            assertThat(read(here.yaml))
                    .isEqualTo(new Filesystem(Path.of("").toAbsolutePath().resolve(here.root)));
        }
    }

    /** The registry's own collector names the repositories that it finds, so each root gets one named for it. */
    @ParameterizedTest
    @MethodSource("cases")
    void theRegistryReadsTheConfigurationSo(Case each) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/docker-registry")), "docker-registry is not installed");
        Case here = each.in(directory);
        for (String root : List.of("a", "b", "base", "other", "010", "2001-01-01", "a:b", "${HOME}")) {
            Path repository = directory.resolve(root).resolve("docker/registry/v2/repositories/found-" + nameOf(root));
            Files.createDirectories(repository.resolve("_manifests/revisions"));
            Files.createDirectories(repository.resolve("_layers"));
            Files.createDirectories(directory.resolve(root).resolve("docker/registry/v2/blobs"));
        }
        Path output = directory.resolve("output");
        ProcessBuilder registry = new ProcessBuilder(
                        "/usr/bin/docker-registry",
                        "garbage-collect",
                        "--dry-run",
                        file(here.yaml).toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        registry.environment().keySet().removeIf(name -> name.startsWith("REGISTRY_"));
        registry.environment().putAll(here.environment);
        Process process = registry.start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        if (here.root == null) {
            assertThat(process.exitValue()).isNotZero();
            assertThat(Files.readString(output))
                    .containsAnyOf("configuration error", "panic: multiple storage drivers");
        } else {
            assertThat(Files.readString(output)).contains("found-" + nameOf(here.root));
        }
    }

    private static String nameOf(String root) {
        return Integer.toHexString(root.hashCode());
    }
}
