package dev.tidemark.service.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunFollower;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.Topics;
import dev.tidemark.service.metrics.RunMetrics;
import dev.tidemark.service.metrics.ServiceMetrics;
import dev.tidemark.sweeper.SweeperMeter;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts for Prometheus that are shipped. */
class AlertsTest {

    private static final Path RULES = Path.of("../deploy/prometheus/alerts.yml");

    @TempDir
    private Path directory;

    @Test
    void alertsFireWhenTheyShould() throws Exception {
        assumeTrue(isOnPath("promtool"), "promtool, of Debian's prometheus, is not installed: skipped");
        Path said = directory.resolve("said");

        Process promtool = new ProcessBuilder(
                        "promtool",
                        "test",
                        "rules",
                        RULES.resolveSibling("alerts-test.yml").toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(promtool.waitFor(10, TimeUnit.MINUTES)).isTrue();

        assertThat(promtool.exitValue()).as(Files.readString(said)).isZero();
        assertThat(said).content().contains("SUCCESS");
    }

    @Test
    void alertsAskForMetricsThatServicesHave() throws Exception {
        String rules = Files.readString(RULES);

        assertThat(found("(tidemark_run_\\w+)", rules)).isNotEmpty().isSubsetOf(saidOfARun());
        assertThat(found("(tidemark_trash_\\w+)", rules)).isNotEmpty().isSubsetOf(saidOfTheTrash());
        assertThat(found("phase=\"(\\w+)\"", rules))
                .isNotEmpty()
                .isSubsetOf(Arrays.stream(Run.State.values())
                        .map(state -> state.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    private static Set<String> saidOfARun() throws Exception {
        try (var metrics = new ServiceMetrics("sweeper", "one");
                var runs = new RunFollower(
                        new Cluster(Map.of("bootstrap.servers", "localhost:1"), new Topics("tidemark.", 1)),
                        failure -> {})) {
            new RunMetrics(runs).bindTo(metrics);
            return found("(?m)^(tidemark_\\w+)", metrics.scrape());
        }
    }

    private static Set<String> saidOfTheTrash() throws Exception {
        try (var metrics = new ServiceMetrics("sweeper", "one")) {
            SweeperCommand.register(new SweeperMeter(), metrics);
            return found("(?m)^(tidemark_\\w+)", metrics.scrape());
        }
    }

    private static boolean isOnPath(String tool) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, tool)));
    }

    private static Set<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
    }
}
