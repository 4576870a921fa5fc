package dev.tidemark.service.process;

import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.marker.MarkerMeter;
import dev.tidemark.service.OperationsGuide;
import dev.tidemark.service.metrics.RunMetrics;
import dev.tidemark.service.metrics.ScheduleMetrics;
import dev.tidemark.service.metrics.ServiceMetrics;
import dev.tidemark.storage.Calls;
import dev.tidemark.sweeper.SweeperMeter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The metrics that the services register, as a table. */
class MetricsTableTest {

    private static final Pattern METRIC = Pattern.compile("(?m)^# HELP (tidemark_\\w+) (.*)$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final List<String> LABELS_OF_ALL = List.of("service", "instance");

    @Test
    void theGuideToOperationsHasEveryMetric() throws Exception {
        List<String> table = new ArrayList<>(List.of("| metric | of | meaning |", "| --- | --- | --- |"));
        table.addAll(rows("all", new RunMetrics(InstantSource.system(), Optional::empty, () -> 0, () -> 0)::bindTo));
        table.addAll(rows("collect --schedule", new ScheduleMetrics(InstantSource.system())::bindTo));
        table.addAll(rows("enumerator", metrics -> EnumeratorCommand.register(new EnumeratorMeter(), metrics)));
        table.addAll(rows("marker", metrics -> MarkerCommand.register(new MarkerMeter(), metrics)));
        table.addAll(rows("sweeper", metrics -> SweeperCommand.register(new SweeperMeter(), metrics)));
        table.addAll(rows("enumerator, sweeper", metrics -> RegistryStorage.register(new Calls(), metrics)));

        OperationsGuide.assertThatItHas("metrics", String.join("\n", table) + "\n");
    }

    private static List<String> rows(String services, Consumer<ServiceMetrics> registration) throws Exception {
        try (var metrics = new ServiceMetrics("one", "first")) {
            registration.accept(metrics);
            String scraped = metrics.scrape();
            return METRIC.matcher(scraped)
                    .results()
                    .map(metric -> "| `%s%s` | %s | %s |"
                            .formatted(metric.group(1), labels(metric.group(1), scraped), services, metric.group(2)))
                    .toList();
        }
    }

    /** The labels that a metric has besides those of all: {@code {phase}}. */
    private static String labels(String metric, String scraped) {
        var labels = scraped.lines()
                .filter(line -> line.startsWith(metric + "{"))
                .flatMap(line -> LABEL.matcher(line).results())
                .map((MatchResult label) -> label.group(1))
                .filter(label -> !LABELS_OF_ALL.contains(label))
                .collect(Collectors.toCollection(TreeSet::new));
        return labels.isEmpty() ? "" : "{" + String.join(",", labels) + "}";
    }
}
