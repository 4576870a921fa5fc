package dev.tidemark.cli.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The pods that a release makes. */
final class Pods {

    private Pods() {}

    /** @param template its metadata and its spec */
    record Pod(String owner, JsonNode template) {

        JsonNode spec() {
            return template.path("spec");
        }

        JsonNode container() {
            return spec().path("containers").path(0);
        }

        String component() {
            return template.at("/metadata/labels")
                    .path("app.kubernetes.io/component")
                    .asText();
        }

        /** Its variables. What a Secret or its own metadata has is said in a word. */
        Map<String, String> environment() {
            Map<String, String> environment = new TreeMap<>();
            container()
                    .path("env")
                    .forEach(variable -> environment.put(
                            variable.path("name").asText(),
                            variable.path("value").asText("word")));
            return environment;
        }

        List<String> arguments() {
            return texts(container().path("args"));
        }

        /** Where a volume is mounted; missing if it is not. */
        JsonNode mount(String volume) {
            return stream(container().path("volumeMounts"))
                    .filter(mount -> mount.path("name").asText().equals(volume))
                    .findFirst()
                    .orElse(MissingNode.getInstance());
        }
    }

    static List<Pod> of(List<JsonNode> objects) {
        return objects.stream()
                .flatMap(object -> switch (object.path("kind").asText()) {
                    case "Deployment", "StatefulSet" -> Stream.of(pod(object, object.at("/spec/template")));
                    case "CronJob" -> Stream.of(pod(object, object.at("/spec/jobTemplate/spec/template")));
                    case "Pod" -> Stream.of(pod(object, object));
                    default -> Stream.<Pod>empty();
                })
                .toList();
    }

    private static Pod pod(JsonNode owner, JsonNode template) {
        return new Pod(owner.at("/metadata/name").asText(), template);
    }

    static Stream<JsonNode> kind(List<JsonNode> objects, String kind) {
        return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
    }

    static List<String> texts(JsonNode array) {
        return stream(array).map(JsonNode::asText).toList();
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
