package dev.tidemark.storage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.storage.config.StorageSettings.Filesystem;
import dev.tidemark.storage.config.StorageSettings.Unsupported;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryConfigurationTest {

  private static final String FILESYSTEM = "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: /a\n";

  /** For the properties, which JUnit gives no directory. */
  private static final Path CONFIG = temporary();

  @TempDir private Path directory;

  // ---- What the registry does: each case holds for docker-registry 2.8.2, and the last test of them asks it. ----

  /**
   * @param name what the case shows
   * @param yaml the configuration
   * @param environment its variables
   * @param root where the registry then looks for its data, or null if it refuses to start. {@code DIR} is a directory
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

  private static Map<String, String> variables(String... variables) {
    Map<String, String> map = new HashMap<>();
    for (String variable : variables) {
      String[] parts = variable.split("=", 2);
      map.put("REGISTRY_STORAGE" + parts[0], parts[1]);
    }
    return map;
  }

  static Stream<Case> cases() {
    String v = "version: 0.1\n";
    String a = "  filesystem: {rootdirectory: DIR/a}\n";
    String file = v + "storage:\n" + a;
    String base = "base: &base {rootdirectory: DIR/base}\nother: &other {rootdirectory: DIR/other}\n" + v;
    return Stream.of(
        found("the root directory", "a", file),
        found("other keys of the storage", "a", file + "  delete:\n  cache: {blobdescriptor: inmemory}\n  redirect: {}\n  maintenance: {}\n"),
        found("unknown keys", "a", file + "unknown: {also: [unknown]}\n"),
        found("an unquoted colon", "a:b", v + "storage: {filesystem: {rootdirectory: DIR/a:b}}"),
        found("no expansion", "${HOME}", v + "storage: {filesystem: {rootdirectory: 'DIR/${HOME}'}}"),
        found("a name taken back", "a", v + "storage: {filesystem: {rootdirectory: DIR//nowhere/../a/}}"),
        found("a relative one", "a", v + "storage: {filesystem: {rootdirectory: ./x/../a}}"),
        found("one that looks like a date", "2001-01-01", v + "storage: {filesystem: {rootdirectory: 2001-01-01}}"),
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
        found("a merge after the key", "base", base + "storage: {filesystem: {rootdirectory: DIR/a, <<: *base}}"),
        found("a merge of two", "base", base + "storage: {filesystem: {<<: [*base, *other]}}"),
        found("a merge at the top", "a", "x: &x {storage: {filesystem: {rootdirectory: DIR/a}}}\n" + v + "<<: *x\n"),
        found("the version as text", "a", file.replace("0.1", "'0.1'")),

        found("a variable", "b", file, "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
        found("a variable without a storage", "b", v, "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
        found("a variable and an empty storage", "b", v + "storage:\n", "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
        found("a variable and a driver's name", "b", v + "storage: filesystem", "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
        found("a variable and a driver without parameters", "b", v + "storage: {filesystem: }", "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
        found("a variable for a key of another case", "b", v + "storage: {filesystem: {RootDirectory: DIR/a}}", "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
        found("a variable in lower case", "b", file, "_filesystem_rootdirectory=DIR/b"),
        found("a variable with a comment", "b", file, "_FILESYSTEM_ROOTDIRECTORY=DIR/b # here"),
        found("a variable beyond a text", "a", file, "_FILESYSTEM_ROOTDIRECTORY_X=DIR/b"),
        found("a variable for the parameters", "b", file, "_FILESYSTEM={rootdirectory: DIR/b}"),
        found("a variable for the storage", "b", file, "={filesystem: {rootdirectory: DIR/b}}"),
        found("the whole before its parts", "b", v + "storage: {s3: {bucket: x}}", "=filesystem", "_FILESYSTEM_ROOTDIRECTORY=DIR/b"),
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
  void readsWhatTheRegistryReads(Case each) throws IOException {
    Case here = each.in(directory);
    if (here.root == null) {
      assertRefused(here.yaml, here.environment);
    } else if (each.yaml.contains("DIR") || !each.environment.isEmpty()) {
      assertThat(read(here.yaml, here.environment)).isEqualTo(new Filesystem(directory.resolve(here.root)));
    } else {
      assertThat(read(here.yaml)).isEqualTo(new Filesystem(Path.of("").toAbsolutePath().resolve(here.root)));
    }
  }

  /** The registry's own collector names the repositories that it finds, so each root gets one named for it. */
  @ParameterizedTest
  @MethodSource("cases")
  void theRegistryDoesSo(Case each) throws Exception {
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
            "/usr/bin/docker-registry", "garbage-collect", "--dry-run", file(here.yaml).toString())
        .directory(directory.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
    registry.environment().keySet().removeIf(name -> name.startsWith("REGISTRY_"));
    registry.environment().putAll(here.environment);
    Process process = registry.start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    if (here.root == null) {
      assertThat(process.exitValue()).isNotZero();
      assertThat(Files.readString(output)).containsAnyOf("configuration error", "panic: multiple storage drivers");
    } else {
      assertThat(Files.readString(output)).contains("found-" + nameOf(here.root));
    }
  }

  private static String nameOf(String root) {
    return Integer.toHexString(root.hashCode());
  }

  // ---- What can't be asked so easily, though it is what the registry does ----

  @ParameterizedTest
  @ValueSource(strings = {"filesystem", "{filesystem: }", "{filesystem: {}}", "{filesystem: {RootDirectory: /a}}", "*name"})
  void withoutARootDirectoryItIsTheDriversDefault(String storage) throws IOException {
    assertThat(read("name: &name filesystem\nversion: 0.1\nstorage: " + storage))
        .isEqualTo(new Filesystem(Path.of("/var/lib/registry"), true));
  }

  @Test
  void aVariableForTheDriverTakesTheRootDirectoryAway() throws IOException {
    assertThat(read(FILESYSTEM, variables("_FILESYSTEM="))).isEqualTo(new Filesystem(Path.of("/var/lib/registry"), true));
    assertThat(read(FILESYSTEM, variables("=filesystem"))).isEqualTo(new Filesystem(Path.of("/var/lib/registry"), true));
  }

  @Test
  void anEmptyRootDirectoryIsTheTopOfTheFilesystem() throws IOException {
    assertThat(read("version: 0.1\nstorage: {filesystem: {rootdirectory: ''}}")).isEqualTo(new Filesystem(Path.of("/")));
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
    Path file = Files.write(directory.resolve("config.yml"), ("\uFEFF" + FILESYSTEM).getBytes(StandardCharsets.UTF_16LE));
    assertThat(RegistryConfiguration.read(file, Map.of()).storage()).isEqualTo(new Filesystem(Path.of("/a")));
  }

  @Test
  void anotherDriverKeepsItsParameters() throws IOException {
    assertThat(
            read(
                "version: 0.1\nstorage: {gcs: {bucket: x, secure: true, chunksize: 5242880, region: , more: {list: [a]}}}",
                variables("_GCS_BUCKET=y", "_GCS_ENCRYPT=true", "_GCS_MORE_TEXT=b")))
        .isInstanceOfSatisfying(
            Unsupported.class,
            gcs -> {
              assertThat(gcs.driver()).isEqualTo("gcs");
              assertThat(gcs.parameters())
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
    assertThat(new Unsupported("s3", Map.of("secretkey", "hush")).toString()).contains("secretkey").doesNotContain("hush");
  }

  // ---- Where the collector is on the careful side of the registry ----

  @ParameterizedTest
  @ValueSource(strings = {"", "~", "null", "010", "0x10", "1_000", "1.50", "1e3", "yes", "on", "true", ".inf", "{a: b}", "[a]", "!!binary aGk="})
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
  void whatTheRegistryRefusesElsewhereIsNoneOfOurs() throws IOException {
    Map<String, String> environment = Map.of("REGISTRY_LOG_LEVEL", "[", "REGISTRY_STORAGES", "[", "OTHER", "[");
    assertThat(read(FILESYSTEM + "    maxthreads: many\nhttp: 5\n", environment)).isEqualTo(new Filesystem(Path.of("/a")));
  }

  // ---- What is ignored, and looks like what is not ----

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "filesystem: {rootdirectroy: /a}|storage.filesystem.rootdirectroy|rootdirectory|/var/lib/registry, its default",
      "filesystem: {RootDirectory: /a}|storage.filesystem.RootDirectory|rootdirectory|/var/lib/registry, its default",
      "filesystem: {root_directory: /a}|storage.filesystem.root_directory|rootdirectory|/var/lib/registry, its default",
      "filesystem: {rootdir: /a}|storage.filesystem.rootdir|rootdirectory|/var/lib/registry, its default",
      "filesystem: {directory: /a}|storage.filesystem.directory|rootdirectory|/var/lib/registry, its default",
      "s3: {bucket: b, region: r, rootdirectroy: /a}|storage.s3.rootdirectroy|rootdirectory|the bucket b",
      "s3: {bucket: b, region: r, rootdirectory: c, regionendpont: e}|storage.s3.regionendpont|regionendpoint|the bucket b, under c",
      "s3aws: {bucket: b, region: r, endpoint: e}|storage.s3aws.endpoint|regionendpoint|the bucket b",
      "s3: {bucket: b, regionendpoint: e, secret: x, acesskey: y}|storage.s3.acesskey|accesskey|the bucket b, at https://e",
  })
  void aKeyThatLooksLikeOneThatSaysWhereTheDataIsIsDoubtful(String storage, String key, String meant, String place) throws IOException {
    assertThat(doubt("version: 0.1\nstorage:\n  " + storage, Map.of())).hasValueSatisfying(doubt -> assertThat(doubt)
        .startsWith(directory.resolve("config.yml") + ": the registry ignores ")
        .contains(key + " (did you mean " + meant + "?)").endsWith(", and keeps its data in " + place));
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
    assertThat(doubt(FILESYSTEM, Map.of(variable, "/b"))).hasValueSatisfying(doubt -> assertThat(doubt)
        .endsWith("config.yml: the registry ignores " + variable + " (did you mean " + meant + "?), and keeps its data in /a"));
    assertThat(doubt(FILESYSTEM, Map.of(variable, "/b", "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/c")).isPresent())
        .isNotEqualTo(meant.equals("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY"));
  }

  /** All that the registry or others know, and what looks like nothing that matters. */
  @ParameterizedTest
  @ValueSource(strings = {
      "filesystem: {rootdirectory: /a, maxthreads: 100, rootdirectroy: /b}", "filesystem: {maxthread: 100, comment: x}", "filesystem",
      "s3: {bucket: b, region: r, encrypt: true, keyid: k, v4auth: true, chunksize: 1, chunksizes: 1, multipartcopychunksize: 1, storageclass: x, objectacl: y, loglevel: z}",
      "s3: {bucket: b, region: r, objectownership: true, parallelwalk: true, maxrequestspersecond: 5, maxretries: 3}",
      "gcs: {bukcet: b}",
  })
  void whatLooksLikeNoneOfThemIsIgnored(String storage) throws IOException {
    Map<String, String> environment = Map.of(
        "REGISTRY_HTTP_ADDR", ":5000", "REGISTRY_PORT", "5000", "REGISTRY_STORAGES", "x", "REGISTRY_AUTH_HTPASSWD_PATH", "/x",
        "STORAGE_ROOT_DIRECTORY_X", "/x", "MY_STORAGE_S3_BUCKET", "x", "REGISTRY_STORAGE_DELETE_ENABLED", "true",
        "REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR", "inmemory");
    assertThat(doubt("version: 0.1\nstorage: " + (storage.contains("{") ? "{" + storage + "}" : storage), environment)).isEmpty();
  }

  @Test
  void whatIsMissingMayHaveBeenMisspelt() {
    assertMessage("version: 0.1\nstroage: {filesystem: {rootdirectory: /a}}", Map.of(),
        "no storage driver", "the registry ignores stroage (did you mean storage?)");
    assertMessage("version: 0.1\nstorage: {s3: {bukcet: b, region: r}}", Map.of(),
        "storage.s3.bucket is missing", "the registry ignores storage.s3.bukcet (did you mean bucket?)");
    assertMessage("version: 0.1\nstorage: {s3: {bucket: b, \"reg\\u2028ion\": r}}", Map.of(),
        "storage.s3.region is missing", "the registry ignores storage.s3.reg?ion (did you mean region?)");
  }

  @Test
  void whatAVariableSaysRightlyNoKeyOfTheFileHasToSay() throws IOException {
    assertThat(doubt("version: 0.1\nstorage: {filesystem: {rootdirectroy: /a}}", variables("_FILESYSTEM_ROOTDIRECTORY=/b"))).isEmpty();
  }

  // ---- Messages ----

  @Test
  void messagesSayWhereAndWhatToDo() {
    assertMessage("version: 0.1\nstorage:\n\tfilesystem:\n", Map.of(), "config.yml, line 3: found character '\\t(TAB)'");
    assertMessage(FILESYSTEM + "# \u001b[2J", Map.of(), "config.yml, line 5: control characters are not allowed (ESCAPE)");
    assertMessage("version: \"\\x", Map.of(), "config.yml: this can't be read as YAML");
    assertMessage("a: b\nstorage: filesystem", Map.of(), "line 1: the version is missing", "says 'version: 0.1'");
    assertMessage("a: b\nversion: 0.10", Map.of(), "line 2: the version is \"0.10\": only \"0.1\" is known");
    assertMessage("version: 0.1\nstorage:\n  filesystem: /a", Map.of(), "line 3: storage.filesystem must be a map");
    assertMessage("version: 0.1\nstorage: &x\n  filesystem: {a: *x}", Map.of(), "does an alias contain itself?");
    assertMessage("version: 0.1", Map.of(), "no storage driver: add one");
    assertMessage(FILESYSTEM, variables("_FILESYSTEM_ROOTDIRECTORY="), "config.yml with REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "is empty: write");
    assertMessage(FILESYSTEM, variables("_FILESYSTEM=[a"), "REGISTRY_STORAGE_FILESYSTEM, line 1: expected");
    assertMessage(
        FILESYSTEM, variables("_S3_BUCKET=x"),
        "config.yml with REGISTRY_STORAGE_S3_BUCKET: more than one storage driver: filesystem, s3: keep one");
    assertMessage("version: 0.1\nstorage: {filesystem: {rootdirectory: \"a\\0\\n\\e[2Jb\"}}", Map.of(), "\"a???[2Jb\" is no path here");
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
  void depthIsLimited() {
    assertRefused("version: 0.1\nstorage: {filesystem: {x: " + "[".repeat(100_000), Map.of());
  }

  // ---- Whatever is in the file ----

  @Property
  void aPathWrittenAsQuotedTextIsReadBack(@ForAll("paths") String path) throws IOException {
    Filesystem expected = new Filesystem(Path.of("/" + path).normalize());
    String yaml = "version: 0.1\nstorage: {filesystem: {rootdirectory: %s}}";
    String doubled = '"' + ("/" + path).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    String single = "'" + ("/" + path).replace("'", "''") + "'";
    assertThat(readOnce(yaml.formatted(doubled))).isEqualTo(expected);
    assertThat(readOnce(yaml.formatted(single))).isEqualTo(expected);
    assertThat(RegistryConfiguration.read(CONFIG, variables("_FILESYSTEM_ROOTDIRECTORY=" + single)).storage()).isEqualTo(expected);
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

  /** What YAML is made of, in any order. */
  @Provide
  Arbitrary<String> scraps() {
    Arbitrary<String> scrap = Arbitraries.of(
        "version: 0.1\n", "storage: ", "filesystem", "rootdirectory", ": ", "\n", "  ", "\t", "- ", "[", "]", "{", "}", ", ",
        "&x ", "*x ", "<<: ", "!!int ", "!!float ", "!!bool ", "!!binary ", "!!null ", "!!set ", "!a%zz ", "!<", "%YAML 1.1\n",
        "%TAG ! ", "---\n", "...\n", "'", "\"", "\\U0FFFFFFF", "\\uD800", "\\x", "|", ">", "? ", "# ", "~", "0x_", "1:99",
        "/a", "\u0085", "\u2028", "\uFEFF", "é", "😀", "@", "`");
    return scrap.list().ofMaxSize(30).map(scraps -> String.join("", scraps));
  }

  @Property(tries = 2_000)
  void anyBytesGiveSettingsOrOneLine(@ForAll byte[] bytes) throws IOException {
    assertSettingsOrOneLine(bytes, Map.of());
  }

  private static StorageSettings readOnce(String yaml) throws IOException {
    return RegistryConfiguration.read(Files.writeString(CONFIG, yaml), Map.of()).storage();
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

  private static void assertOneLine(Throwable thrown) {
    assertThat(thrown).isInstanceOf(InvalidConfigurationException.class);
    assertThat(thrown.getMessage()).doesNotContainPattern("\\p{Cntrl}").doesNotContain(": null", "\u2028").hasSizeLessThan(1_000);
  }

  // ---- The language of these tests ----

  private static Path temporary() {
    try {
      Path file = Files.createTempFile("config", ".yml");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(directory.resolve("config.yml"), yaml);
  }

  private StorageSettings read(String yaml) throws IOException {
    return read(yaml, Map.of());
  }

  private StorageSettings read(String yaml, Map<String, String> environment) throws IOException {
    return RegistryConfiguration.read(file(yaml), environment).storage();
  }

  private Optional<String> doubt(String yaml, Map<String, String> environment) throws IOException {
    return RegistryConfiguration.read(file(yaml), environment).doubt();
  }

  private void assertRefused(String yaml, Map<String, String> environment) {
    assertOneLine(catchThrowable(() -> read(yaml, environment)));
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> RegistryConfiguration.read(file, Map.of()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  private void assertMessage(String yaml, Map<String, String> environment, String... parts) {
    Throwable thrown = catchThrowable(() -> read(yaml, environment));
    assertOneLine(thrown);
    assertThat(Arrays.asList(parts)).allSatisfy(part -> assertThat(thrown).hasMessageContaining(part));
  }
}
