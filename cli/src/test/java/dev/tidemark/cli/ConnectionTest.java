package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka that can't be reached, in one line that says why, whichever command it is. */
class ConnectionTest {

    private static final String NOBODY = "localhost:1";

    @TempDir
    private Path directory;

    private Path registry;

    @BeforeEach
    void aRegistry() {
        RegistryOnDisk onDisk = RegistryOnDisk.at(directory.resolve("registry"));
        onDisk.blob("orphan");
        registry = onDisk.root();
    }

    @Test
    void aHostThatDoesNotExistIsNamed() {
        String why = "Kafka at no-such-host.invalid:9092 cannot be reached: No resolvable bootstrap urls given in "
                + "bootstrap.servers";

        assertThat(runs("no-such-host.invalid:9092")).contains(why);
        assertThat(collect("no-such-host.invalid:9092")).contains(why);
    }

    @Test
    void aTrustStoreThatDoesNotExistIsNamed() throws IOException {
        Path config = config("security.protocol=SSL", "ssl.truststore.location=" + directory.resolve("nowhere.jks"));

        assertThat(runs(NOBODY, "--command-config", config.toString())).contains("nowhere.jks");
        assertThat(collect(NOBODY, "--command-config", config.toString())).contains("nowhere.jks");
    }

    @Test
    void aKafkaThatDoesNotAnswerIsNamedOnce() throws IOException {
        Path config = config("default.api.timeout.ms=500", "request.timeout.ms=500");

        String why = "Kafka at localhost:1 does not answer, tried for";
        assertThat(runs(NOBODY, "--command-config", config.toString()))
                .containsOnlyOnce(why)
                .doesNotContain("Call:");
        assertThat(collect(NOBODY, "--command-config", config.toString()))
                .containsOnlyOnce(why)
                .endsWith("(more in " + directory.resolve("data/tidemark.log") + ")\n");
        assertThat(directory.resolve("data/tidemark.log")).content().contains("CollectionException: " + why, "\tat ");
    }

    @Test
    void aCommandThatWaitsForKafkaSaysSoMeanwhile() throws IOException {
        Path config = config("default.api.timeout.ms=7000", "request.timeout.ms=7000");
        String[] command = {"show", "--bootstrap-servers", NOBODY, "--command-config", config.toString()};
        Screen file = Screen.none();
        Screen terminal = Screen.of(80);

        assertThat(Main.run(command, file.terminal())).isEqualTo(ExitCode.FAILED);
        assertThat(Main.run(command, terminal.terminal())).isEqualTo(ExitCode.FAILED);

        assertThat(file.seen())
                .hasSize(2)
                .first()
                .asString()
                .matches("tidemark: Kafka at localhost:1 does not answer, tried for \\d+ s so far");
        assertThat(terminal.err()).contains("Kafka at localhost:1 does not answer, tried for 2 s so far");
        assertThat(terminal.seen())
                .singleElement()
                .asString()
                .matches("tidemark: Kafka at localhost:1 does not answer, tried for \\d+ s: .*");
    }

    private Path config(String... lines) throws IOException {
        return Files.write(directory.resolve("client.properties"), List.of(lines));
    }

    private String runs(String kafka, String... options) {
        return failure(List.of("runs", "--bootstrap-servers", kafka), options);
    }

    private String collect(String kafka, String... options) {
        return failure(
                List.of(
                        "collect",
                        "--dry-run",
                        "--data-dir",
                        directory.resolve("data").toString(),
                        "--bootstrap-servers",
                        kafka,
                        registry.toString()),
                options);
    }

    private static String failure(List<String> command, String... options) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(options));

        Tidemark.Result result = Tidemark.run(all.toArray(String[]::new));

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).hasLineCount(1);
        return result.err();
    }
}
