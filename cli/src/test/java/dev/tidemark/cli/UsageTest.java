package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A command line that is wrong costs one line, with the word and its remedy, and the exit code 2. */
class UsageTest {

    @TempDir
    private Path registry;

    @Test
    void durationsFollowTheSameRulesAsTheServicesSettings() {
        assertThat(error("collect", "--min-age", "200000000000d", registry.toString()))
                .contains("--min-age", "'200000000000d' is too long a duration");
    }

    /** It counts in ms; added to the time, it gives one that is long past. */
    @Test
    void aDurationLongerThanATimeCanSayIsRefused() {
        String root = RegistryOnDisk.at(registry.resolve("root")).root().toString();
        String longest = "106751991167d";
        String tooLong = "'106751991167d' is too long a duration: at most 36500d";
        assertThat(error("collect", "--keep-trash", longest, root)).contains("--keep-trash: " + tooLong);
        assertThat(error("undo", "--hold", longest, "20261129-030000", root)).contains("--hold: " + tooLong);
        assertThat(error("hold", "add", "--until", longest, "team/app")).contains("--until: " + tooLong);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
      collect | --max-delete | abc   | is no percentage: write 0 to 100
      collect | --max-delete | 101   | is no percentage: write 0 to 100
      run     | --max-delete | -1    | is no percentage: write 0 to 100
      collect | --min-age    | 3     | is no duration: write 24h, 7d, 1h30m, 90s or 0
      run     | --min-age    | 1w    | is no duration: write 24h, 7d, 1h30m, 90s or 0
      runs    | --limit      | few   | is no number: write 0 or more
      runs    | --limit      | -5    | is no number: write 0 or more
      compare | --limit      | -1    | is no number: write 0 or more
      audit   | --exceptions | 1.5   | is no number: write 0 or more
      topics  | --port       | 70000 | is no port: write 0 to 65535
      topics  | --port       | http  | is no port: write 0 to 65535
      """)
    void aValueThatIsNoneIsSaidWithItsOptionAndWithWhatToWrite(
            String command, String option, String value, String write) {
        assertThat(error(command, option, value))
                .contains(option, "'" + value + "' " + write, "(tidemark " + command + " --help)");
    }

    @Test
    void aScheduleThatIsNoneOrCannotBeKeptIsRefused() {
        String root = RegistryOnDisk.at(registry.resolve("root")).root().toString();
        assertThat(error("collect", "--schedule", "nightly", root))
                .contains("--schedule", "'nightly'", "as 0 3 * * 6, nor a word as @daily", "(tidemark collect --help)");
        assertThat(error("collect", "--schedule", "0 0 30 2 *", root)).contains("it never comes");
        assertThat(error("collect", "--schedule", "@daily", "--http-port", "http", root))
                .contains("--http-port: 'http' is no port: write 0 to 65535, or off");
        assertThat(error("collect", "--schedule", "@daily", "--policy", "nowhere.yml", root))
                .contains("nowhere.yml");
        assertThat(error(
                        "collect",
                        "--schedule",
                        "@daily",
                        "--registry-url",
                        "http://registry:5000",
                        "--registry-restarted",
                        root))
                .contains("leave it out with --schedule");
    }

    @Test
    void aFormatThatIsNoneIsSaidWithThoseThereAre() {
        assertThat(error("show", "--format", "xml")).contains("--format", "text", "json", "xml");
    }

    @Test
    void aCommandThatIsMisspelledIsGuessed() {
        assertThat(error("colect"))
                .isEqualTo("tidemark: there is no command 'colect': did you mean collect? (tidemark --help)\n");
        assertThat(error("help", "colect"))
                .isEqualTo("tidemark: there is no command 'colect': did you mean collect? (tidemark --help)\n");
        assertThat(error("xyz")).isEqualTo("tidemark: there is no command 'xyz' (tidemark --help)\n");
    }

    @Test
    void anOptionThatIsMisspelledIsGuessed() {
        assertThat(error("collect", "--dryrun", "x"))
                .contains("there is no option '--dryrun': did you mean --dry-run?");
        assertThat(error("collect", "--xyz", "x")).contains("there is no option '--xyz' (tidemark collect --help)");
    }

    @Test
    void aWordThatIsMissingOrOneTooManyIsNamed() {
        assertThat(error("collect"))
                .contains("REGISTRY is missing: the registry's config.yml, or its storage root directory");
        assertThat(error("explain")).contains("SUBJECT is missing: DIGEST, REPO:TAG, REPO@DIGEST or ");
        assertThat(error("collect", "one", "two")).contains("'two' is one word too many");
        assertThat(error("collect", "--plan")).contains("--plan", "FILE");
        assertThat(error("collect", "--min-age", "-m", "x")).contains("--min-age", "'-m'");
    }

    @Test
    void aPathThatDoesNotExistIsNamed() {
        String nowhere = registry.resolve("nowhere").toString();

        for (List<String> command : List.of(
                List.of("collect", nowhere),
                List.of("topics", nowhere),
                List.of("runs", "--registry", nowhere),
                List.of("runs", "--data-dir", nowhere),
                List.of("runs", "--bootstrap-servers", "localhost:1", "--command-config", nowhere),
                List.of("collect", "--plan", nowhere + "/plan", registry.toString()),
                List.of("report", "-o", nowhere + "/report.html"),
                List.of("marker", "--config", nowhere))) {
            assertThat(error(command.toArray(String[]::new))).contains(nowhere);
        }
    }

    @Test
    void aRegistryWhoseStorageDoesNotShowWhatIsInUseIsRefusedBeforeAnythingIsListed() throws IOException {
        Path root = RegistryOnDisk.at(registry.resolve("root")).root();

        assertNotCollected(config(root, "database: {enabled: true}"), "database.enabled is true");
        assertNotCollected(config(root, "middleware: {repository: [{name: own}]}"), "own");
        assertThat(error(
                        "collect", "--trust-middleware", "other", config(root, "middleware: {storage: [{name: own}]}")))
                .contains("say so with --trust-middleware own");

        String cache = config(root, "proxy: {remoteurl: 'https://registry-1.docker.io'}");
        assertThat(error("collect", "--dry-run", "-m", cache)).contains(cache, "leave out --delete-untagged");
        assertThat(error(
                        "enumerator",
                        "--config",
                        settings(cache, "TIDEMARK_SCHEDULE=0 3 * * *", "TIDEMARK_SCHEDULE_DELETE_UNTAGGED=true")))
                .contains("leave out --delete-untagged");

        RegistryOnDisk.write(root.resolve("docker/registry/lockfiles/database-in-use"), new byte[] {1});
        assertThat(error("collect", "--dry-run", root.toString())).contains("metadata database", "remove that file");
        assertThat(root.resolve("docker/registry/v2/blobs")).isEmptyDirectory();
    }

    @Test
    void replicasThatCannotBeToldAreRefused() throws IOException {
        String root = RegistryOnDisk.at(registry.resolve("root")).root().toString();
        assertThat(error("collect", "--registry-restarted", root))
                .contains("--registry-restarted goes with --registry-url");
        assertThat(error("collect", "--registry-url", "registry:5000", root)).contains("registry:5000 is no address");
        String none = config(Path.of(root), "");
        assertThat(error("collect", "--registry-url", "http://registry:5000", none))
                .contains("--registry-url: the registry does not remember blobs in memory");

        assertThat(error("sweeper", "--config", settings(none, "TIDEMARK_REGISTRY_URLS=http://one,http://two")))
                .contains("TIDEMARK_REGISTRY_URLS: the registry does not remember blobs in memory");
        assertThat(error("sweeper", "--config", settings(none, "TIDEMARK_REGISTRY_AUTH=config.json")))
                .contains("TIDEMARK_REGISTRY_AUTH goes with TIDEMARK_REGISTRY_URLS");
        assertThat(error("sweeper", "--config", settings(root, "TIDEMARK_REGISTRY_RESTARTED=today")))
                .contains("TIDEMARK_REGISTRY_RESTARTED=today", "write a time, as 2026-11-30T03:00:00Z");
    }

    private void assertNotCollected(String config, String why) throws IOException {
        for (List<String> command : List.of(
                List.of("collect", config),
                List.of("collect", "--dry-run", config),
                List.of("enumerator", "--config", settings(config)),
                List.of("sweeper", "--config", settings(config)))) {
            assertThat(error(command.toArray(String[]::new))).contains(config, why);
        }
    }

    private String config(Path root, String section) throws IOException {
        return Files.writeString(
                        registry.resolve("config.yml"),
                        "version: 0.1\nstorage: {filesystem: {rootdirectory: " + root + "}}\n" + section + "\n")
                .toString();
    }

    private String settings(String config, String... more) throws IOException {
        return Files.writeString(
                        registry.resolve("tidemark.properties"),
                        "kafka.bootstrap.servers=localhost:1\nTIDEMARK_REGISTRY=" + config + "\n"
                                + String.join("\n", more))
                .toString();
    }

    private static String error(String... arguments) {
        Tidemark.Result result = Tidemark.run(arguments);
        assertThat(result.err()).hasLineCount(1).startsWith("tidemark: ");
        assertThat(result.out()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        return result.err();
    }
}
