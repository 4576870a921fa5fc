package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Main;
import dev.tidemark.cli.Processes;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.cli.schedule.Rest;
import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code tidemark collect --schedule}, on a registry and a data directory. */
class ScheduledCollectIT {

    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path directory;

    private final Screen screen = Screen.wide();
    private RegistryOnDisk registry;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        var app = registry.repo("team/app");
        app.tag("latest", app.image("kept"));
        app.image("untagged");
    }

    /** Some hours, by a clock that only its rests move: at the end of each, 20 minutes after its time, is a step. */
    private static final class Hours implements Rest {

        private final List<Runnable> steps;
        private Instant now;
        private Instant end;
        private int past;

        Hours(Runnable... steps) {
            this(Duration.ZERO, steps);
        }

        Hours(Duration fromNow, Runnable... steps) {
            this.steps = List.of(steps);
            now = Instant.now().plus(fromNow).truncatedTo(ChronoUnit.HOURS).plus(Duration.ofMinutes(50));
            end = now.plus(HOUR);
        }

        @Override
        public void rest(Duration atMost) {
            now = now.plus(atMost);
            if (!now.isBefore(end)) {
                end = end.plus(HOUR);
                steps.get(past++).run();
            }
        }

        @Override
        public boolean over() {
            return past == steps.size();
        }
    }

    @Test
    void aRunThatWaitsIsWaitedForUntilItIsApprovedAndThenSwept() {
        int before = blobs();
        collect(
                new Hours(
                        () -> {
                            assertThat(metrics())
                                    .contains(
                                            "phase=\"waiting\",service=\"collect\"} 1.0",
                                            "result=\"waiting\",service=\"collect\"} 1.0");
                            assertThat(type("show").out()).contains("waiting", "let it pass: tidemark approve");
                        },
                        () -> {
                            assertThat(screen.err()).containsOnlyOnce("nothing is collected until then");
                            assertThat(blobs()).isEqualTo(before);
                            String run = found("Let it pass: tidemark approve (\\S+) --data-dir", screen.err());
                            assertThat(type("approve", run).exitCode()).isZero();
                        },
                        () -> {
                            assertThat(screen.err()).contains("approved by");
                            assertThat(blobs()).isLessThan(before);
                            assertThat(metrics()).contains("result=\"done\",service=\"collect\"} 2.0");
                            assertThat(type("audit").exitCode()).isZero();
                        }),
                "--max-delete",
                "0");
    }

    @Test
    void aRunThatIsCancelledIsFollowedByAnother() {
        collect(
                new Hours(
                        () -> assertThat(type("cancel", "latest").exitCode()).isZero(),
                        () -> assertThat(type("runs").out()).contains("cancelled", "waiting")),
                "--max-delete",
                "0");
        assertThat(screen.err()).doesNotContain("nothing is collected until then");
    }

    @Test
    void aRunThatWouldBeAskedForOtherwiseIsNotWaitedFor() {
        int before = blobs();
        collect(new Hours(() -> {}), "--max-delete", "0");
        collect(new Hours(() -> assertThat(blobs()).isLessThan(before)));
        assertThat(screen.err()).doesNotContain("nothing is collected until then");
    }

    @Test
    void aRunIsNotWaitedForWhenItsRecordsAreGone() {
        collect(
                new Hours(
                        Duration.ofDays(60),
                        () -> assertThat(type("runs").out()).containsOnlyOnce("waiting"),
                        () -> assertThat(type("runs").out())
                                .contains("cancelled")
                                .containsOnlyOnce("waiting")),
                "--max-delete",
                "0");
        assertThat(screen.err()).doesNotContain("nothing is collected until then");
    }

    @Test
    void aFailureDoesNotEndIt() {
        Path config = directory.resolve("config.yml");
        String good = "version: 0.1\nstorage: {filesystem: {rootdirectory: " + registry.root() + "}}\n";
        write(config, good);
        int before = blobs();
        collect(
                config,
                new Hours(
                        () -> {
                            assertThat(blobs()).isLessThan(before);
                            write(config, "nonsense");
                        },
                        () -> {
                            assertThat(screen.err()).contains("tidemark: " + config);
                            assertThat(metrics()).contains("result=\"failed\",service=\"collect\"} 1.0");
                            write(config, good);
                        },
                        () -> assertThat(metrics()).contains("result=\"done\",service=\"collect\"} 2.0")));
    }

    @Test
    void aProcessThatIsToldToEndBetweenItsCollectionsEndsAtOnce() throws Exception {
        Path output = directory.resolve("output");
        Process process = Processes.java(
                "256m",
                Main.class,
                output,
                Map.of("TIDEMARK_HTTP_PORT", "0"),
                "collect",
                "--schedule",
                "0 3 29 2 *",
                "--data-dir",
                data(),
                registry.root().toString());
        Processes.await(
                "it is ready",
                () -> !process.isAlive()
                        || (said(output).contains("at port")
                                && get(said(output), "/health/ready").statusCode() == 200));

        // Java itself may have said something before.
        assertThat(said(output).lines().filter(line -> line.startsWith("tidemark: ")))
                .first()
                .asString()
                .startsWith("tidemark: the next collection is at 20");
        assertThat(get(said(output), "/health/live").statusCode()).isEqualTo(200);
        Processes.signal(process, "TERM");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
    }

    private void collect(Hours hours, String... options) {
        collect(registry.root(), hours, options);
    }

    private void collect(Path target, Hours hours, String... options) {
        var command = new CollectCommand(screen.terminal(), new KafkaOptions());
        List<String> words = new ArrayList<>(
                List.of("--schedule", "30 * * * *", "--http-port", "0", "--delete-untagged", "--min-age", "0"));
        words.addAll(List.of("--data-dir", data(), "--max-delete", "100"));
        words.addAll(List.of(options));
        words.add(target.toString());
        new CommandLine(command).setOverwrittenOptionsAllowed(true).parseArgs(words.toArray(String[]::new));
        command.scheduled(() -> hours.now, hours);
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private Tidemark.Result type(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data-dir", data()));
        return Tidemark.run(all.toArray(String[]::new));
    }

    private int blobs() {
        return registry.blobs().size();
    }

    private String metrics() {
        return get(screen.err(), "/metrics").body();
    }

    /** @param said by the process, with its port */
    private static HttpResponse<String> get(String said, String path) {
        try (var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://localhost:" + found("at port (\\d+)", said) + path);
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
        return matcher.group(1);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String said(Path output) {
        try {
            return Files.exists(output) ? Files.readString(output) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
