package dev.tidemark.cli.chart;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.cli.Main;
import dev.tidemark.cli.chart.Pods.Pod;
import dev.tidemark.service.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The Helm chart, rendered for the values that users have. */
class ChartTest extends CopiedChart {

    private static final Set<String> SERVICES = Set.of("enumerator", "marker", "sweeper");

    @ParameterizedTest
    @EnumSource
    void kubernetesTakesEachObject(Values values) throws IOException {
        List<JsonNode> objects = chart.objects(values.yaml());

        for (JsonNode object : objects) {
            Kubernetes.assertTaken(object);
        }
        assertThat(objects)
                .extracting(object -> object.path("kind").asText() + " "
                        + object.at("/metadata/name").asText())
                .doesNotHaveDuplicates();
        assertThat(objects)
                .extracting(object -> object.at("/metadata/namespace").asText())
                .containsOnly(Chart.NAMESPACE);
    }

    /** The models see a field that is misspelt, or of another type, in each kind of object. */
    @Test
    void aFieldThatKubernetesDoesNotKnowIsSeen() throws IOException {
        for (JsonNode object : chart.objects(Values.EVERYTHING_ON.yaml())) {
            String kind = object.path("kind").asText();
            ObjectNode misspelt = object.deepCopy();
            ObjectNode place = misspelt.get("spec") instanceof ObjectNode spec ? spec : misspelt;
            place.putObject("relicas").put("count", 2);
            assertThatThrownBy(() -> Kubernetes.assertTaken(misspelt)).as(kind).isNotNull();

            ObjectNode mistyped = object.deepCopy();
            ((ObjectNode) mistyped.get("metadata")).put("name", 7);
            assertThatThrownBy(() -> Kubernetes.assertTaken(mistyped)).as(kind).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void lintFindsNothing(Values values) throws IOException {
        var lint = chart.lint(values.yaml());

        assertThat(lint.isFailed()).as(lint.getMessages().toString()).isFalse();
        assertThat(lint.getMessages()).noneMatch(line -> line.contains("[WARNING]") || line.contains("[ERROR]"));
    }

    /** As the standard "restricted" for pods asks, and more. */
    @ParameterizedTest
    @EnumSource
    void eachPodHasNoMoreRightsThanItNeeds(Values values) throws IOException {
        List<Pod> pods = Pods.of(chart.objects(values.yaml()));

        assertThat(pods).hasSizeGreaterThanOrEqualTo(3).allSatisfy(pod -> {
            JsonNode spec = pod.spec();
            assertThat(spec.path("automountServiceAccountToken").asText()).isEqualTo("false");
            assertThat(spec.path("enableServiceLinks").asText()).isEqualTo("false");
            assertThat(spec.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(spec.at("/securityContext/runAsUser").asLong()).isPositive();
            assertThat(spec.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            JsonNode container = pod.container().path("securityContext");
            assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(container.path("allowPrivilegeEscalation").asText()).isEqualTo("false");
            assertThat(Pods.texts(container.at("/capabilities/drop"))).containsExactly("ALL");
            assertThat(pod.container().at("/resources/limits/memory").asText()).isNotEmpty();
            assertThat(pod.mount("tmp").path("mountPath").asText()).isEqualTo("/tmp");
        });
    }

    /** Only who deletes may write to the registry's claim, and the marker never sees the storage. */
    @ParameterizedTest
    @EnumSource
    void onlyPodsThatDeleteMayWriteToTheStorage(Values values) throws IOException {
        for (Pod pod : Pods.of(chart.objects(values.yaml()))) {
            JsonNode mount = pod.mount("registry");
            boolean writes = Set.of("sweeper", "collect", "client").contains(pod.component());
            if (!mount.isMissingNode()) {
                assertThat(mount.path("readOnly").asBoolean()).as(pod.owner()).isEqualTo(!writes);
            }
            assertThat(pod.mount("registry-config").isMissingNode())
                    .as(pod.owner())
                    .isEqualTo(pod.component().equals("marker"));
            assertThat(pod.component().equals("marker") && !mount.isMissingNode())
                    .isFalse();
        }
    }

    /** A service refuses a setting that it does not know, and one whose value is wrong. */
    @ParameterizedTest
    @EnumSource
    void eachServiceTakesItsSettings(Values values) throws IOException {
        for (Pod pod : Pods.of(chart.objects(values.yaml()))) {
            if (SERVICES.contains(pod.component())) {
                Map<String, String> environment = pod.environment();
                assertThatNoException().as(pod.owner()).isThrownBy(() -> Settings.read(environment, Optional.empty()));
                assertThat(pod.arguments()).containsExactly(pod.component());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theProgramTakesItsArguments(Values values) throws IOException {
        List<Pod> pods = Pods.of(chart.objects(values.yaml())).stream()
                .filter(pod -> Set.of("collect", "test").contains(pod.component()))
                .toList();

        assertThat(pods).isNotEmpty();
        for (Pod pod : pods) {
            assertThatNoException()
                    .as(pod.owner())
                    .isThrownBy(
                            () -> Main.commandLine().parseArgs(pod.arguments().toArray(String[]::new)));
        }
    }

    /** Each volume is mounted, and each mount has its volume. */
    @ParameterizedTest
    @EnumSource
    void volumesAndMountsBelongTogether(Values values) throws IOException {
        List<JsonNode> objects = chart.objects(values.yaml());
        for (Pod pod : Pods.of(objects)) {
            Set<String> volumes = names(pod.spec().path("volumes"));
            if (pod.component().equals("marker")) {
                volumes.addAll(Pods.kind(objects, "StatefulSet")
                        .map(set -> set.at("/spec/volumeClaimTemplates/0/metadata/name")
                                .asText())
                        .toList());
            }
            assertThat(names(pod.container().path("volumeMounts")))
                    .as(pod.owner())
                    .isEqualTo(volumes);
        }
    }

    /** Services, budgets and network policies each select the pods of one component. */
    @ParameterizedTest
    @EnumSource
    void selectorsFindTheirPods(Values values) throws IOException {
        List<JsonNode> objects = chart.objects(values.yaml());
        List<Pod> pods = Pods.of(objects);
        for (String[] selector : new String[][] {
            {"Service", "/spec/selector"},
            {"PodDisruptionBudget", "/spec/selector/matchLabels"},
            {"NetworkPolicy", "/spec/podSelector/matchLabels"},
            {"Deployment", "/spec/selector/matchLabels"},
            {"StatefulSet", "/spec/selector/matchLabels"}
        }) {
            assertThat(Pods.kind(objects, selector[0])).allSatisfy(object -> {
                JsonNode labels = object.at(selector[1]);
                assertThat(pods.stream().filter(pod -> has(pod.template().at("/metadata/labels"), labels)))
                        .as(object.at("/metadata/name").asText())
                        .hasSize(1);
            });
        }
    }

    @Test
    void theVersionIsThatOfTheProgram() throws IOException {
        JsonNode about = Chart.yaml(Files.readString(Chart.SOURCE.resolve("Chart.yaml")));
        String pom = Files.readString(Path.of("../pom.xml"));

        assertThat(pom).contains("<version>" + about.path("appVersion").asText() + "</version>");
        assertThat(about.path("version")).isEqualTo(about.path("appVersion"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        mode: service                                         | '/mode'
        kafak: {}                                             | additional properties
        registry: {config: {configMap: ""}}                   | '/registry/config/secret'
        registry: {config: {configMap: a, secret: b}}         | '/registry/config/secret'
        registry: {config: {configMap: a}, claim: storage}    | '/registry/podLabels'
        registry: {config: {configMap: a}, user: 0}           | '/registry/user'
        runs: {schedule: "@daily"}                            | '/runs/schedule'
        runs: {minAge: 1w}                                    | '/runs/minAge'
        runs: {maxDelete: 101}                                | '/runs/maxDelete'
        runs: {keepTrash: off}                                | '/runs/keepTrash'
        runs: {policy: "tags: []", policyConfigMap: {name: a}}| '/runs/policyConfigMap/name'
        mode: services                                        | '/kafka/bootstrapServers'
        kafka: {bootstrapServers: kafka}                      | '/kafka/bootstrapServers'
        services: {settings: {tidemark.readers: "4"}}         | '/services/settings'
        client: {replicas: 2}                                 | '/client/replicas'
        """)
    void wrongValuesAreRefusedWithTheirPlace(String wrong, String place) {
        String right = wrong.startsWith("registry:") ? "" : "registry: {config: {configMap: registry-config}}\n";

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> chart.objects(right + wrong + "\n"))
                .satisfies(refused -> assertThat(refused.getMessage().lines().filter(line -> line.startsWith("- ")))
                        .as(refused.getMessage())
                        .singleElement()
                        .asString()
                        .contains(place.replace("'", "")));
    }

    private static Set<String> names(JsonNode array) {
        return Pods.stream(array).map(each -> each.path("name").asText()).collect(toSet());
    }

    private static boolean has(JsonNode labels, JsonNode wanted) {
        return wanted.properties().stream().allMatch(label -> label.getValue().equals(labels.get(label.getKey())));
    }
}
