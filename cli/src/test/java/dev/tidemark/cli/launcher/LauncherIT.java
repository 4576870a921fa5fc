package dev.tidemark.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.cli.Processes;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.S3Server;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts the command, of a build that is there. */
class LauncherIT {

    /** In UTF-8, whatever this process takes for text. */
    private static final String GROESSE = "Gr\\303\\266\\303\\237e";

    private static final List<String> PARTS = List.of("lib", "drivers", "native", "complete");

    @TempDir
    private Path directory;

    private Path launcher;

    /** A project beside the one under test, with its build: whose start-up cache is not made, nor used. */
    @BeforeEach
    void aProjectThatIsBuilt() throws IOException {
        launcher = Files.copy(Path.of("../tidemark"), directory.resolve("tidemark"));
        Path built = Path.of("target/tidemark").toAbsolutePath();
        Path app = Files.createDirectories(directory.resolve("cli/target/tidemark"));
        for (String part : PARTS) {
            Files.createSymbolicLink(app.resolve(part), built.resolve(part));
        }
        Files.createFile(app.resolve("cache"));
    }

    /** JUnit would warn of links out of its directory. */
    @AfterEach
    void theBuildStays() throws IOException {
        for (String part : PARTS) {
            Files.delete(directory.resolve("cli/target/tidemark").resolve(part));
        }
    }

    @Test
    void whereTheLocaleIsNoneNamesAreUtf8() throws IOException {
        for (Map<String, String> locale : List.of(
                Map.of("LC_ALL", "C"), Map.of("LC_ALL", "POSIX"), Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", ""))) {
            Path said = directory.resolve("said");

            assertThat(shell("exec \"$0\" collect \"$(printf '" + GROESSE + "')\"", said, locale))
                    .isEqualTo(ExitCode.USAGE);
            assertThat(said).content().contains("Größe does not exist");
            Files.delete(said);
        }
    }

    /** The commit is there if the sources are a clone. */
    @Test
    void theVersionNamesTheBuild() throws IOException {
        Path said = directory.resolve("said");

        assertThat(shell("exec \"$0\" --version", said, Map.of())).isZero();

        assertThat(said)
                .content()
                .matches(
                        "tidemark \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?( \\(commit [0-9a-f]{12}, \\d{4}-\\d\\d-\\d\\d\\))?\n");
    }

    @Test
    void theJarOfTheServicesNamesTheJarsThatTheyNeedAndNoBroker() throws IOException {
        List<String> needed = neededBy("tidemark-service-*.jar");

        assertThat(needed).hasSizeGreaterThan(20);
        assertThat(needed)
                .filteredOn(name -> name.contains("kafka"))
                .allMatch(name -> name.matches("(tidemark-kafka|kafka-clients|kafka-streams)-\\d.*"), "is no broker");
        assertThat(needed).noneMatch(name -> name.startsWith("tidemark-embedded-"));
    }

    /** The start-up cache fits no other class path, and the order of a directory is its file system's. */
    @Test
    void theJarOfTheCommandNamesTheJarsThatItNeedsInOneOrder() throws IOException {
        assertThat(neededBy("tidemark-cli-*.jar"))
                .containsAll(neededBy("tidemark-service-*.jar"))
                .anyMatch(name -> name.startsWith("tidemark-embedded-"));
        Path said = directory.resolve("said");

        shell("exec \"$0\" --version", said, Map.of("TIDEMARK_JAVA_OPTS", "-XshowSettings:properties"));

        assertThat(said).content().containsPattern("java\\.class\\.path = .*/tidemark-cli-[^/]*\\.jar\n");
    }

    private List<String> neededBy(String glob) throws IOException {
        Path lib = directory.resolve("cli/target/tidemark/lib");
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(lib, glob);
                var jar = new JarFile(jars.iterator().next().toFile())) {
            List<String> needed = List.of(jar.getManifest()
                    .getMainAttributes()
                    .getValue(Attributes.Name.CLASS_PATH)
                    .split(" "));
            assertThat(needed).allSatisfy(name -> assertThat(lib.resolve(name)).exists());
            return needed;
        }
    }

    /** Nobody who has a filesystem starts with the SDK of a bucket. */
    @Test
    void theDriverOfABucketIsBesideTheProgram() throws IOException {
        Path lib = directory.resolve("cli/target/tidemark/lib");
        Path said = directory.resolve("said");
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(lib, "{netty-,sdk-core-,s3-,tidemark-storage-s3}*.jar")) {
            assertThat(jars).isEmpty();
        }
        try (var server = S3Server.on(Files.createDirectory(directory.resolve("s3")))) {
            RegistryOnDisk.at(server.bucket("images")).repo("app").image("image");
            Path config = RegistryConfigFile.write(directory, server.storage("images", ""), 0);

            String collect = "exec \"$0\" collect --dry-run --min-age 0 --data-dir home/data " + config;
            int exitCode = shell(collect, said, Map.of());
            assertThat(said).content().contains("s3://images");
            assertThat(exitCode).as(Files.readString(said)).isZero();
        }
    }

    @Test
    void aServiceStartsFromItsOwnJar() throws IOException {
        Path said = directory.resolve("said");

        assertThat(shell("exec \"$0\" marker", said, Map.of())).isEqualTo(ExitCode.USAGE);
        assertThat(said).content().startsWith("tidemark: no Kafka is named").hasLineCount(1);
        Files.delete(said);

        assertThat(shell("exec \"$0\" sweeper --help", said, Map.of())).isZero();
        assertThat(said).content().contains("TIDEMARK_REGISTRY", "Exit codes:").doesNotContain("TIDEMARK_THREADS");
        Files.delete(said);

        assertThat(shell("exec \"$0\" marker --confg x", said, Map.of())).isEqualTo(ExitCode.USAGE);
        assertThat(said)
                .content()
                .startsWith("tidemark: Unknown option")
                .contains("(tidemark marker --help)")
                .hasLineCount(1);
    }

    /** Where nothing may be executed in /tmp, or nothing is left of it, libraries can't unpack themselves. */
    @Test
    void anAuditNeedsNoTemporaryDirectory() throws IOException {
        RegistryOnDisk.at(directory.resolve("registry")).blob("orphan");
        new Tidemark(directory.resolve("home"))
                .collect("--dry-run", directory.resolve("registry").toString());
        Path said = directory.resolve("said");

        int exitCode = shell(
                "exec \"$0\" audit --data-dir home/data",
                said,
                Map.of("TIDEMARK_JAVA_OPTS", "-Djava.io.tmpdir=/dev/null/nowhere"));

        assertThat(said).content().contains("  proved");
        assertThat(exitCode).isZero();
    }

    /**
     * A JVM may end in a crash when it writes the cache, and every start would only be slower. Before the real one
     * there is a script, by which it learns from registries that are small.
     */
    @Test
    void theStartupCacheIsMadeAndTakenByTheJvmThatIsThere() throws IOException {
        Files.delete(directory.resolve("cli/target/tidemark/cache"));
        Path java = Path.of(System.getProperty("java.home"));
        Path jdk = directory.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.copy(java.resolve("release"), jdk.resolve("release"));
        Path script = Files.writeString(jdk.resolve("bin/java"), """
                #!/bin/sh
                case " $* " in *" warm-up "*) set -- "$@" --images 40 ;; esac
                exec '%s' "$@"
                """.formatted(java.resolve("bin/java")));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Path said = directory.resolve("said");

        int exitCode = shell(
                "exec \"$0\" --version",
                said,
                Map.of(
                        "JAVA_HOME", jdk.toString(),
                        "TIDEMARK_STARTUP_CACHE", "now",
                        // A JVM that cannot take it is to say so, and to end.
                        "TIDEMARK_JAVA_OPTS", "-XX:AOTMode=on"));

        assertThat(said)
                .content()
                .startsWith("tidemark: making the start-up cache")
                .contains("\ntidemark ")
                .hasLineCount(2);
        assertThat(exitCode).isZero();
    }

    /**
     * HotSpot's own way to end a process that has no memory left is the exit code 3: as if the run waited for its
     * approval.
     */
    @Test
    void aContainerWithoutMemoryHasFailed() throws IOException {
        assumeTrue(Runtime.version().feature() >= 25, "the image's Java is 25: skipped");
        Path home = Files.createDirectory(directory.resolve("image"));
        Files.createSymbolicLink(home.resolve("java"), Path.of(System.getProperty("java.home")));
        Files.createSymbolicLink(home.resolve("lib"), directory.resolve("cli/target/tidemark/lib"));
        String script = Files.readString(Path.of("../deploy/image/tidemark"));
        assertThat(script).contains("\nhome=/opt/tidemark\n");
        launcher = Files.writeString(
                directory.resolve("entry"), script.replace("\nhome=/opt/tidemark\n", "\nhome=" + home + "\n"));
        Path said = directory.resolve("said");

        int exitCode = shell(
                "exec sh \"$0\" marker",
                said,
                Map.of("JAVA_OPTS", "-Xmx4m", "TIDEMARK_KAFKA_BOOTSTRAP_SERVERS", "localhost:1"));
        Files.delete(home.resolve("java"));
        Files.delete(home.resolve("lib"));

        assertThat(said).content().contains("java.lang.OutOfMemoryError: Java heap space");
        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
    }

    /** Runs a line of shell script in which {@code $0} is the launcher, and returns its exit code. */
    private int shell(String script, Path output, Map<String, String> environment) throws IOException {
        var builder = new ProcessBuilder("sh", "-c", script, launcher.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of("JAVA_HOME", System.getProperty("java.home"), "XDG_CACHE_HOME", "/dev/null"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        Processes.awaitEnd(process);
        return process.exitValue();
    }
}
