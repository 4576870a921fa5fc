package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.ui.Place;
import dev.tidemark.cli.ui.ServedPage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The page of a cluster, whose services do what is asked for there. */
class UiClusterIT extends ServicesInProcess {

    private ServedPage page() {
        List<String> options = List.of("--bootstrap-servers", kafka.bootstrapServers(), "--prefix", prefix);
        return ServedPage.of(Place.cluster("kafka", options, Optional.empty()), Main::captured);
    }

    @Test
    void aDryRunIsAskedForLookedAtAndApproved() {
        startServices(storage());
        try (ServedPage page = page()) {
            assertThat(page.get("/api/runs").body().strip()).isEqualTo("[ ]");
            String looked = line(page, "/api/runs");
            awaitState(page, looked, "decided");
            JsonNode report = ServedPage.json(page.get("/api/runs/" + looked + "/report"));
            assertThat(report.findValuesAsText("digest")).contains(orphan);
            assertThat(registry.data(orphan)).exists();

            String approved = line(page, "/api/runs/" + looked + "/approve");
            awaitState(page, approved, "swept");

            assertThat(registry.data(orphan)).doesNotExist();
            assertThat(registry.data(kept)).exists();
            assertThat(ServedPage.json(page.get("/api/explain?subject=" + orphan))
                            .path("verdict")
                            .asText())
                    .isEqualTo("deleted");
            assertThat(page.post("/api/runs/" + looked + "/approve", "{}").statusCode())
                    .isEqualTo(400);
            assertThat(page.get("/api/runs/20200101-000000").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aRunThatWaitsIsEnded() {
        startServices(storage());
        tidemark("run", "--delete-untagged", "--max-delete", "5");
        try (ServedPage page = page()) {
            String run =
                    ServedPage.json(page.get("/api/runs")).path(0).path("run").asText();

            assertThat(line(page, "/api/runs/" + run + "/cancel")).contains("is cancelled");
            awaitState(page, run, "cancelled");
            assertThat(registry.data(orphan)).exists();
        }
    }

    /** The line that an action is answered with. */
    private static String line(ServedPage page, String action) {
        JsonNode answer = ServedPage.json(page.post(action, "{}"));
        assertThat(answer.path("exit").asInt(-1)).as(answer.toString()).isZero();
        return answer.path("lines").path(0).asText();
    }

    private static void awaitState(ServedPage page, String run, String state) {
        Processes.await(
                state,
                () -> ServedPage.json(page.get("/api/runs/" + run))
                        .path("state")
                        .asText()
                        .equals(state));
    }
}
