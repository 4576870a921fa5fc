package dev.tidemark.service.process;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** An alert for Prometheus that is shipped. */
record Alert(String name, String expression, Map<String, String> annotations) {

    /** All of them, in order. */
    static List<Alert> shipped() throws IOException {
        Map<String, List<Map<String, Object>>> file = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(Files.readString(Path.of("../deploy/helm/tidemark/files/alerts.yml")));
        List<Alert> alerts = new ArrayList<>();
        for (Map<String, Object> group : file.get("groups")) {
            for (Object each : (List<?>) group.get("rules")) {
                Map<?, ?> rule = (Map<?, ?>) each;
                alerts.add(new Alert((String) rule.get("alert"), (String) rule.get("expr"), texts((Map<?, ?>)
                        rule.get("annotations"))));
            }
        }
        return alerts;
    }

    private static Map<String, String> texts(Map<?, ?> annotations) {
        return annotations.entrySet().stream()
                .collect(toMap(entry -> (String) entry.getKey(), entry -> (String) entry.getValue()));
    }
}
