package dev.tidemark.service.process;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.service.process.Expression.Condition;
import dev.tidemark.service.process.Expression.Selector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dashboard and alerts ask for what there is: for metrics and labels that the services export. */
class MetricsInUseTest {

    private static final Path DASHBOARD = Path.of("../deploy/helm/tidemark/files/dashboard.json");
    private static final Pattern IN_LEGEND = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");
    /** Labels that Prometheus adds to whatever it reads, or that the chart has it add. */
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance", "namespace", "registry");

    /** The registry that the reader of a dashboard has chosen. */
    private static final String CHOSEN = "$registry";

    /** What kube-state-metrics says, as far as it is asked: docs/metrics/workload in its sources. */
    private static final Map<String, Map<String, Set<String>>> OF_KUBERNETES = Map.of(
            "kube_cronjob_created", Map.of("namespace", Set.of(), "cronjob", Set.of("a-tidemark")),
            "kube_cronjob_status_last_successful_time", Map.of("namespace", Set.of(), "cronjob", Set.of("a-tidemark")),
            "kube_job_status_start_time", Map.of("namespace", Set.of(), "job_name", Set.of()),
            "kube_job_failed",
                    Map.of(
                            "namespace",
                            Set.of(),
                            "job_name",
                            Set.of(),
                            "condition",
                            Set.of("true", "false", "unknown")),
            "kube_job_status_failed",
                    Map.of(
                            "namespace",
                            Set.of(),
                            "job_name",
                            Set.of(),
                            "reason",
                            Set.of("", "BackoffLimitExceeded", "DeadlineExceeded", "Evicted")),
            "kube_job_owner",
                    Map.of(
                            "namespace",
                            Set.of(),
                            "job_name",
                            Set.of(),
                            "owner_kind",
                            Set.of("CronJob"),
                            "owner_name",
                            Set.of("a-tidemark"),
                            "owner_is_controller",
                            Set.of("true", "false")));

    @Test
    void theAlertsAskForMetricsThatThereAre() throws Exception {
        Map<String, Map<String, Set<String>>> known = known();
        List<Alert> alerts = Alert.shipped();

        assertThat(alerts).hasSizeGreaterThan(10).allSatisfy(alert -> {
            Expression asked = Expression.of(alert.expression());
            assertThat(asked.selectors()).isNotEmpty();
            assertKnown(asked, known);
        });
        assertThat(metrics(alerts.stream().map(Alert::expression)))
                .contains("tidemark_run_phase", "tidemark_run_lost", "kube_job_owner", "up");
    }

    @Test
    void theDashboardAsksForMetricsThatThereAre() throws Exception {
        Map<String, Map<String, Set<String>>> known = known();
        List<String> expressions = new ArrayList<>();
        for (JsonNode target : new ObjectMapper().readTree(DASHBOARD.toFile()).findValues("targets")) {
            for (JsonNode query : target) {
                String text = query.get("expr").asText();
                expressions.add(text);
                Expression asked = Expression.of(text);
                assertThat(asked.selectors()).as(text).isNotEmpty();
                assertKnown(asked, known);
                Set<String> shown = asked.grouped().isEmpty() ? labels(asked, known) : asked.grouped();
                assertThat(IN_LEGEND
                                .matcher(query.path("legendFormat").asText())
                                .results())
                        .as("the legend of " + text)
                        .allSatisfy(label -> assertThat(shown).contains(label.group(1)));
            }
        }
        assertThat(metrics(expressions.stream()))
                .contains("tidemark_run_phase", "kafka_consumer_fetch_manager_records_lag_max", "logback_events_total");
    }

    /** The panels show each metric of a run and of the trash that an alert may fire for. */
    @Test
    void theDashboardShowsTheStateThatAlertsAreOf() throws Exception {
        Set<String> shown = metrics(new ObjectMapper()
                .readTree(DASHBOARD.toFile()).findValues("expr").stream().map(JsonNode::asText));

        assertThat(metrics(Alert.shipped().stream().map(Alert::expression)).stream()
                        .filter(name -> name.startsWith("tidemark_"))
                        .toList())
                .isSubsetOf(shown);
    }

    private static Map<String, Map<String, Set<String>>> known() throws Exception {
        Map<String, Map<String, Set<String>>> known =
                new HashMap<>(ExportedMetrics.scraped().labels());
        known.putAll(OF_KUBERNETES);
        known.put("up", Map.of("job", Set.of("tidemark")));
        return known;
    }

    private static void assertKnown(Expression asked, Map<String, Map<String, Set<String>>> known) {
        for (Selector selector : asked.selectors()) {
            assertThat(known).containsKey(selector.metric());
            Map<String, Set<String>> labels = known.get(selector.metric());
            for (Condition condition : selector.conditions()) {
                if (condition.value().equals(CHOSEN)) {
                    continue;
                }
                assertThat(labels).as(selector.metric()).containsKey(condition.label());
                assertThat(labels.get(condition.label()))
                        .as(selector.metric() + " with " + condition)
                        .anyMatch(condition::speaksOf);
            }
        }
        var own = new TreeSet<>(labels(asked, known));
        own.addAll(OF_PROMETHEUS);
        assertThat(own).containsAll(asked.grouped());
    }

    private static Set<String> labels(Expression asked, Map<String, Map<String, Set<String>>> known) {
        return asked.selectors().stream()
                .flatMap(selector -> known.get(selector.metric()).keySet().stream())
                .collect(toSet());
    }

    private static Set<String> metrics(Stream<String> expressions) {
        return expressions
                .flatMap(text -> Expression.of(text).selectors().stream())
                .map(Selector::metric)
                .collect(toSet());
    }
}
