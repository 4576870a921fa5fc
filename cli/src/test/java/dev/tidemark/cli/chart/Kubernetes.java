package dev.tidemark.cli.chart;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.util.Map;

/**
 * The kinds of objects that the chart makes, as the API's own models have them: no field is unknown, none is missing,
 * none is of another type.
 */
final class Kubernetes {

    private static final ObjectMapper PLAIN = new ObjectMapper();

    private static final ObjectMapper STRICT = new ObjectMapper()
            .setAnnotationIntrospector(new Strict())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private static final Map<String, Model> MODELS = Map.ofEntries(
            entry("apps/v1 Deployment", new Core(V1Deployment.class, V1Deployment::validateJsonElement)),
            entry("apps/v1 StatefulSet", new Core(V1StatefulSet.class, V1StatefulSet::validateJsonElement)),
            entry("batch/v1 CronJob", new Core(V1CronJob.class, V1CronJob::validateJsonElement)),
            entry("v1 ConfigMap", new Core(V1ConfigMap.class, V1ConfigMap::validateJsonElement)),
            entry(
                    "v1 PersistentVolumeClaim",
                    new Core(V1PersistentVolumeClaim.class, V1PersistentVolumeClaim::validateJsonElement)),
            entry("v1 Pod", new Core(V1Pod.class, V1Pod::validateJsonElement)),
            entry("v1 Service", new Core(V1Service.class, V1Service::validateJsonElement)),
            entry("v1 ServiceAccount", new Core(V1ServiceAccount.class, V1ServiceAccount::validateJsonElement)),
            entry(
                    "policy/v1 PodDisruptionBudget",
                    new Core(V1PodDisruptionBudget.class, V1PodDisruptionBudget::validateJsonElement)),
            entry(
                    "networking.k8s.io/v1 NetworkPolicy",
                    new Core(V1NetworkPolicy.class, V1NetworkPolicy::validateJsonElement)),
            entry("monitoring.coreos.com/v1 ServiceMonitor", new Custom(ServiceMonitor.class)),
            entry("monitoring.coreos.com/v1 PrometheusRule", new Custom(PrometheusRule.class)),
            entry("kafka.strimzi.io/v1 KafkaTopic", new Custom(KafkaTopic.class)),
            entry("kafka.strimzi.io/v1 KafkaUser", new Custom(KafkaUser.class)));

    /** These models keep what they don't know: here it is refused. */
    private static final class Strict extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }

    private sealed interface Model {}

    private interface Check {
        void of(JsonElement object) throws IOException;
    }

    private record Core(Class<?> type, Check check) implements Model {}

    private record Custom(Class<?> type) implements Model {}

    private Kubernetes() {}

    static void assertTaken(JsonNode object) throws IOException {
        String kind =
                object.path("apiVersion").asText() + " " + object.path("kind").asText();
        assertThat(MODELS).as("the models of the chart's kinds").containsKey(kind);
        String text = object.toString();
        JsonNode understood = switch (MODELS.get(kind)) {
            case Core core -> {
                core.check().of(JsonParser.parseString(text));
                yield PLAIN.readTree(JSON.getGson().toJson(JSON.getGson().fromJson(text, core.type())));
            }
            case Custom custom -> PLAIN.readTree(STRICT.writeValueAsString(STRICT.readValue(text, custom.type())));
        };
        assertThat(withoutEmpty(understood)).as(kind).isEqualTo(withoutEmpty(PLAIN.readTree(text)));
    }

    /** Of what is not said, models make lists and maps that are empty. */
    private static JsonNode withoutEmpty(JsonNode node) {
        if (node.isObject()) {
            ObjectNode kept = PLAIN.createObjectNode();
            node.properties().forEach(field -> {
                JsonNode value = withoutEmpty(field.getValue());
                if (!value.isContainerNode() || !value.isEmpty()) {
                    kept.set(field.getKey(), value);
                }
            });
            return kept;
        }
        if (node.isArray()) {
            ArrayNode kept = PLAIN.createArrayNode();
            node.forEach(value -> kept.add(withoutEmpty(value)));
            return kept;
        }
        return node;
    }
}
