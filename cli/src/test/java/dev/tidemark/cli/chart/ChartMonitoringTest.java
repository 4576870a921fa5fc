package dev.tidemark.cli.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alerts, the dashboard and the scrape configuration, as the chart installs them. */
class ChartMonitoringTest extends CopiedChart {

    @Test
    void theAlertsAreThoseOfTheFile() throws IOException {
        List<JsonNode> rules = rules(Values.EVERYTHING_ON.yaml());

        assertThat(rules)
                .extracting(rule -> rule.path("alert").asText())
                .containsExactlyElementsOf(shipped("tidemark-services"));
        assertThat(rules)
                .extracting(rule -> rule.at("/annotations/runbook_url").asText())
                .allMatch(link -> link.startsWith("https://example.com/tidemark/docs/alerts.md#"));
        JsonNode noRun = rules.stream()
                .filter(rule -> rule.path("alert").asText().equals("TidemarkNoSuccessfulRun"))
                .findFirst()
                .orElseThrow();
        assertThat(noRun.path("expr").asText()).endsWith("> 3 * 86400");
        assertThat(noRun.at("/annotations/summary").asText()).endsWith("for 3 days");
        assertThat(rules)
                .extracting(rule -> rule.at("/annotations/summary").asText())
                .contains("{{ $labels.instance }} doesn't answer");
    }

    @Test
    void aCronJobHasAlertsOfItsOwn() throws IOException {
        String values = Values.CRONJOB_ON_A_CLAIM.yaml() + "monitoring: {prometheusRule: {enabled: true}, "
                + "serviceMonitor: {enabled: true}, dashboard: {enabled: true}}\n";
        List<JsonNode> objects = chart.objects(values);

        assertThat(rules(values))
                .extracting(rule -> rule.path("alert").asText())
                .containsExactlyElementsOf(shipped("tidemark-cronjob"));
        assertThat(rules(values))
                .extracting(rule -> rule.path("expr").asText())
                .anyMatch(text -> text.endsWith("> 8 * 86400"));
        assertThat(Stream.of("ServiceMonitor", "Service").flatMap(kind -> Pods.kind(objects, kind)))
                .as("a pod that is there for minutes has nothing to scrape")
                .isEmpty();
        for (JsonNode object : objects) {
            Kubernetes.assertTaken(object);
        }
    }

    @Test
    void theServicesAreScrapedAsTheirAlertsExpect() throws IOException {
        List<JsonNode> objects = chart.objects(Values.EVERYTHING_ON.yaml());
        JsonNode monitor = Pods.kind(objects, "ServiceMonitor").findFirst().orElseThrow();
        JsonNode endpoint = monitor.at("/spec/endpoints/0");
        List<JsonNode> services = Pods.kind(objects, "Service").toList();

        assertThat(services).hasSize(3).allSatisfy(service -> {
            JsonNode labels = service.at("/metadata/labels");
            assertThat(monitor.at("/spec/selector/matchLabels").properties())
                    .allSatisfy(label -> assertThat(labels.get(label.getKey())).isEqualTo(label.getValue()));
            assertThat(labels.path(monitor.at("/spec/jobLabel").asText()).asText())
                    .as("the job of TidemarkInstanceDown")
                    .isEqualTo("tidemark");
            assertThat(service.at("/spec/ports/0/name")).isEqualTo(endpoint.path("port"));
        });
        assertThat(endpoint.path("honorLabels").asBoolean()).isTrue();
        assertThat(endpoint.at("/relabelings/0/targetLabel").asText()).isEqualTo("registry");
        assertThat(endpoint.at("/relabelings/0/replacement").asText()).isEqualTo("images/registry-tidemark");
    }

    @Test
    void theDashboardIsTheFile() throws IOException {
        JsonNode dashboard = Pods.kind(chart.objects(Values.EVERYTHING_ON.yaml()), "ConfigMap")
                .filter(map -> map.at("/metadata/name").asText().endsWith("-dashboard"))
                .findFirst()
                .orElseThrow();

        assertThat(dashboard.at("/data/tidemark.json").asText().strip())
                .isEqualTo(Files.readString(Chart.SOURCE.resolve("files/dashboard.json"))
                        .strip());
        assertThat(dashboard.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
    }

    private List<JsonNode> rules(String values) throws IOException {
        return Pods.kind(chart.objects(values), "PrometheusRule")
                .flatMap(rule -> Pods.stream(rule.at("/spec/groups/0/rules")))
                .toList();
    }

    private static List<String> shipped(String group) throws IOException {
        JsonNode file = Chart.yaml(Files.readString(Chart.SOURCE.resolve("files/alerts.yml")));
        return Pods.stream(file.path("groups"))
                .filter(each -> each.path("name").asText().equals(group))
                .flatMap(each -> Pods.stream(each.path("rules")))
                .map(rule -> rule.path("alert").asText())
                .toList();
    }
}
