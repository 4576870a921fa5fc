package dev.tidemark.cli.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.exit.BusyException;
import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.ExitCode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The actions of the page that must not go wrong by halves. */
class ActingTest {

    private static final String RUN = "/api/runs/20260131-235959";
    private static final Optional<Path> REGISTRY = Optional.of(Path.of("/registry"));
    private static final Place CLUSTER =
            Place.cluster("kafka:9092", List.of("--bootstrap-servers", "kafka:9092"), REGISTRY);

    private final TypedCommands commands = new TypedCommands();

    @Test
    void aRunIsCancelledWhileAnUndoIsUnderWay() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        commands.end = words -> {
            if (words.contains("undo")) {
                begun.countDown();
                await(go);
            }
            return TypedCommands.printed("done\n");
        };
        try (var page = ServedPage.of(CLUSTER, commands)) {
            var undone = CompletableFuture.supplyAsync(() -> page.post(RUN + "/undo", "{\"dryRun\":false}"));
            begun.await();

            assertThat(page.post(RUN + "/cancel", "{}").statusCode()).isEqualTo(200);
            go.countDown();
            assertThat(undone.join().statusCode()).isEqualTo(200);
        }
    }

    /** Its files are back, and nobody has written that down. */
    @Test
    void anUndoThatFailsAfterItsDocumentHasFailed() {
        commands.end = words -> new Outcome(
                ExitCode.FAILED, "{\"inPlace\":0}", "", Optional.of(new CollectionException("not recorded", null)));
        try (var page = ServedPage.of(CLUSTER, commands)) {
            HttpResponse<String> answer = page.post(RUN + "/undo", "{\"dryRun\":false}");

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("not recorded");
        }
    }

    /** It might end a run that waits. */
    @Test
    void aPolicyIsNotTriedWhereNobodyCanTellWhetherARunWaits(@TempDir Path data) {
        commands.end = words -> TypedCommands.printed("[]");
        try (var page = ServedPage.of(Place.directory(data, REGISTRY), commands)) {
            assertThat(page.get("/api/runs").statusCode()).isEqualTo(200);
            commands.end = words -> TypedCommands.failed(new BusyException("a run is under way"));

            HttpResponse<String> answer = page.post("/api/policy", "{\"policy\":\"rules: []\"}");

            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.body()).contains("a run is under way");
            assertThat(commands.typed).noneMatch(words -> words.contains("try"));
        }
    }

    @Test
    void nothingBeginsOnceThisHasEnded() {
        var turns = new Turns();
        assertThat(turns.ifNoneActs(() -> "done")).contains("done");

        turns.end(Duration.ofSeconds(1));

        assertThat(turns.ifFree(() -> "done")).isEmpty();
        assertThat(turns.ifNoneActs(() -> "done")).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
