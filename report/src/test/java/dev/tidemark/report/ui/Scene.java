package dev.tidemark.report.ui;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.report.data.ReportedRun;
import dev.tidemark.report.data.TestReports;
import dev.tidemark.schemas.JsonSerde;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;

/**
 * A registry and its runs, as the server tells of them. The documents are those of the commands, and a test of theirs
 * holds them to the schemas.
 */
final class Scene {

    static final String RUN = "20261123-211839";

    private final CannedServer server;

    Scene(CannedServer server) {
        this.server = server;
    }

    /** On a cluster, a run waits for approval. To approve it sweeps it, and an undo brings it back. */
    void waiting() {
        server.clear();
        state(cluster());
        is("waiting");
        try (ReportedRun run = TestReports.waiting()) {
            report(run);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        server.on("GET trash", "[]")
                .on("GET explain", document("explain-kept"))
                .on("POST runs/" + RUN + "/approve", body -> {
                    is("swept");
                    server.on("GET trash", document("trash-list"));
                    return CannedServer.Answer.of("{\"lines\": [\"" + RUN + "\"], \"exit\": 0}");
                })
                .on("POST runs/" + RUN + "/undo", body -> {
                    if (!body.path("dryRun").booleanValue()) {
                        server.on("GET trash", withoutFirst(document("trash-list")));
                    }
                    return CannedServer.Answer.of(document("undo"));
                });
    }

    /** The same run, swept. */
    void swept() {
        waiting();
        is("swept");
        server.on("GET trash", document("trash-list"));
    }

    /** The same, on one machine. */
    void local() {
        waiting();
        ObjectNode state = cluster();
        state.put("local", true).put("canRun", false).put("canTry", true).put("name", "/var/lib/tidemark");
        state.putArray("options").add("--data-dir").add("/var/lib/tidemark");
        state(state);
        server.on("POST policy", document("policy-try"));
    }

    /** The same, with a page that does nothing. */
    void readOnly() {
        swept();
        state(cluster()
                .put("readOnly", true)
                .put("canRun", false)
                .put("canUndo", false)
                .put("canTry", false));
    }

    /** The latest run comes to another state. */
    void is(String state) {
        server.on("GET runs", document("runs-" + state)).on("GET runs/" + RUN, document("show-" + state));
    }

    void report(ReportedRun run) throws SQLException {
        server.on("GET runs/" + RUN + "/report", written(run.report()));
    }

    void state(JsonNode state) {
        server.on("GET state", state.toString());
    }

    static ObjectNode cluster() {
        ObjectNode state = JsonSerde.MAPPER
                .createObjectNode()
                .put("name", "kafka:9092 (prefix tidemark)")
                .put("local", false)
                .put("registry", "/var/lib/registry")
                .put("readOnly", false)
                .put("version", "0.2.0")
                .put("canRun", true)
                .put("canUndo", true)
                .put("canTry", false);
        state.putArray("options").add("--bootstrap-servers").add("kafka:9092");
        return state;
    }

    private static String withoutFirst(String list) {
        try {
            ArrayNode others = (ArrayNode) JsonSerde.MAPPER.readTree(list);
            others.remove(0);
            return others.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A document among the resources, as text. */
    static String document(String name) {
        try (InputStream in = Scene.class.getResourceAsStream(name + ".json")) {
            return JsonSerde.MAPPER.readTree(in).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String written(Object document) {
        try {
            return JsonSerde.MAPPER.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
