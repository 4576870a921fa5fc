package dev.tidemark.cli.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** How the chart's pods reach Kafka, and what they may do there. */
class ChartKafkaTest extends CopiedChart {

    private static final String PREFIX = "tidemark.";
    private static final List<String> USERS = List.of("enumerator", "marker", "sweeper", "client");

    /** The users have the rights of deploy/ACLS.md, without Create on topics, which are there already. */
    @Test
    void theUsersHaveTheLeastRights() throws IOException {
        Map<String, Set<String>> documented = documented();
        List<JsonNode> users = Pods.kind(chart.objects(Values.SERVICES_WITH_STRIMZI.yaml()), "KafkaUser")
                .toList();

        assertThat(users)
                .extracting(user -> user.at("/metadata/name").asText())
                .containsExactlyElementsOf(
                        USERS.stream().map(name -> "registry-tidemark-" + name).toList());
        for (int i = 0; i < users.size(); i++) {
            Set<String> rights = new TreeSet<>();
            for (JsonNode acl : users.get(i).at("/spec/authorization/acls")) {
                JsonNode resource = acl.path("resource");
                for (String operation : Pods.texts(acl.path("operations"))) {
                    rights.add(String.join(
                            " ",
                            resource.path("type").asText().toLowerCase(Locale.ROOT),
                            resource.path("name").asText(),
                            resource.path("patternType").asText("literal"),
                            operation));
                }
            }
            assertThat(withoutRepetition(rights)).as(USERS.get(i)).isEqualTo(documented.get(USERS.get(i)));
        }
    }

    /** Reads the commands of the document: the client's are those of one that may do all that is named there. */
    private static Map<String, Set<String>> documented() throws IOException {
        String text = Files.readString(Path.of("../deploy/ACLS.md")).replace("\\\n", " ");
        Map<String, Set<String>> rights = new HashMap<>();
        List<String> looped = List.of();
        for (String line : text.lines().map(String::strip).toList()) {
            Matcher loop = Pattern.compile("for (topic|group) in (.*); do").matcher(line);
            if (loop.matches()) {
                looped = List.of(loop.group(2).split(" "));
            } else if (line.startsWith("$acls")) {
                for (String value : line.contains("$topic") || line.contains("$group") ? looped : List.of("")) {
                    add(rights, line.replaceAll("\\$(topic|group)", value));
                }
            }
        }
        // What the first command says of one user, it says of the other services, too.
        rights.get("enumerator").stream()
                .filter(right -> right.startsWith("topic " + PREFIX + " prefix "))
                .toList()
                .forEach(right -> {
                    rights.get("marker").add(right);
                    rights.get("sweeper").add(right);
                });
        rights.replaceAll((user, all) -> {
            all.remove("topic " + PREFIX + " prefix Create");
            return withoutRepetition(all);
        });
        return rights;
    }

    private static void add(Map<String, Set<String>> rights, String command) {
        String user = found("--allow-principal User:(\\S+)", command).getFirst();
        String pattern = command.contains("--resource-pattern-type prefixed") ? "prefix" : "literal";
        for (String type : List.of("topic", "group", "transactional-id")) {
            for (String name : found("--" + type + " (\\S+)", command)) {
                for (String operation : found("--operation (\\S+)", command)) {
                    rights.computeIfAbsent(user.equals("operator") ? "client" : user, one -> new TreeSet<>())
                            .add(String.join(" ", type.replace("-id", "id"), name, pattern, operation));
                }
            }
        }
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** Without what is allowed for the prefix of all topics anyway. */
    private static Set<String> withoutRepetition(Set<String> rights) {
        Set<String> single = new TreeSet<>(rights);
        single.removeIf(right -> {
            String[] words = right.split(" ");
            return words[0].equals("topic")
                    && !words[1].equals(PREFIX)
                    && rights.contains("topic " + PREFIX + " prefix " + words[3]);
        });
        return single;
    }

    @Test
    void eachServiceIsAUserOfItsOwn() throws IOException {
        for (Pods.Pod pod : Pods.of(chart.objects(Values.SERVICES_WITH_STRIMZI.yaml()))) {
            String user = pod.component().equals("test") ? "client" : pod.component();
            assertThat(secretOf(pod, "TIDEMARK_KAFKA_SASL_JAAS_CONFIG"))
                    .isEqualTo("registry-tidemark-" + user + " sasl.jaas.config");
            assertThat(secretOf(pod, "TIDEMARK_KAFKA_SSL_TRUSTSTORE_CERTIFICATES"))
                    .isEqualTo("events-cluster-ca-cert ca.crt");
            assertThat(pod.environment())
                    .containsEntry("TIDEMARK_KAFKA_BOOTSTRAP_SERVERS", "events-kafka-bootstrap:9093")
                    .containsEntry("TIDEMARK_KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
        }
        for (Pods.Pod pod : Pods.of(chart.objects(Values.EVERYTHING_ON.yaml()))) {
            String user = pod.component().equals("test") ? "client" : pod.component();
            assertThat(secretOf(pod, "TIDEMARK_KAFKA_SSL_KEYSTORE_KEY"))
                    .isEqualTo("registry-tidemark-" + user + " user.key");
            assertThat(pod.environment()).containsEntry("TIDEMARK_KAFKA_SECURITY_PROTOCOL", "SSL");
        }
        for (Pods.Pod pod : Pods.of(chart.objects(Values.SERVICES_WITH_AN_EXTERNAL_KAFKA.yaml()))) {
            String user = pod.component().equals("test") ? "client" : pod.component();
            assertThat(pod.container().at("/envFrom/0/secretRef/name").asText()).isEqualTo("kafka-" + user);
            assertThat(secretOf(pod, "TIDEMARK_KAFKA_SSL_TRUSTSTORE_CERTIFICATES"))
                    .isEqualTo("kafka-ca ca.crt");
        }
    }

    private static String secretOf(Pods.Pod pod, String variable) {
        return Pods.stream(pod.container().path("env"))
                .filter(one -> one.path("name").asText().equals(variable))
                .map(one -> one.at("/valueFrom/secretKeyRef"))
                .map(secret ->
                        secret.path("name").asText() + " " + secret.path("key").asText())
                .findFirst()
                .orElse("");
    }

    @Test
    void aMarkerSpeaksToKafkaAndNobodyElse() throws IOException {
        assertThat(ports(Values.SERVICES_WITH_AN_EXTERNAL_KAFKA, "marker")).containsExactly("53", "53", "9094");
        assertThat(ports(Values.SERVICES_WITH_AN_EXTERNAL_KAFKA, "sweeper")).containsExactly("53", "53", "9094");
        assertThat(ports(Values.SERVICES_WITH_STRIMZI, "marker")).containsExactly("53", "53", "9093");
        assertThat(ports(Values.SERVICES_WITH_STRIMZI, "sweeper"))
                .as("a bucket, and the cloud's identity")
                .containsExactly("53", "53", "9093", "443", "169.254.0.0/16");
        assertThat(ports(Values.EVERYTHING_ON, "marker")).containsExactly("53", "53", "9093");
        assertThat(ports(Values.EVERYTHING_ON, "enumerator")).containsExactly("53", "53", "9093", "6379");
        assertThat(ports(Values.EVERYTHING_ON, "sweeper"))
                .as("the registry's replicas, too")
                .containsExactly("53", "53", "9093", "5000", "6379");
        assertThat(ports(Values.CRONJOB_ON_A_CLAIM, "collect")).containsExactly("53", "53", "5000");
        assertThat(Pods.kind(chart.objects(Values.CRONJOB_ON_AZURE.yaml()), "NetworkPolicy"))
                .isEmpty();
    }

    private List<String> ports(Values values, String component) throws IOException {
        JsonNode policy = Pods.kind(chart.objects(values.yaml()), "NetworkPolicy")
                .filter(each -> each.at("/metadata/name").asText().endsWith("-" + component))
                .findFirst()
                .orElseThrow();
        assertThat(Pods.texts(policy.at("/spec/policyTypes"))).containsExactly("Ingress", "Egress");
        List<String> allowed = new ArrayList<>();
        for (JsonNode rule : policy.at("/spec/egress")) {
            rule.path("ports").forEach(port -> allowed.add(port.path("port").asText()));
            if (!rule.has("ports")) {
                rule.path("to").forEach(to -> allowed.add(to.at("/ipBlock/cidr").asText()));
            }
        }
        return allowed;
    }
}
