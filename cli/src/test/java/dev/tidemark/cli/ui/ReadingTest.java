package dev.tidemark.cli.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.exit.BusyException;
import dev.tidemark.cli.exit.CollectionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The answers of a data directory, which are kept until something there has changed. */
class ReadingTest {

    private static final String STALE = "Tidemark-Stale";

    @TempDir
    private Path data;

    private final TypedCommands commands = new TypedCommands();
    private final AtomicInteger reads = new AtomicInteger();
    private ServedPage page;
    private Path segment;

    @BeforeEach
    void aTopic() throws IOException {
        segment = Files.createDirectories(data.resolve("kafka/tidemark.runs-0")).resolve("0.log");
        Files.writeString(segment, "one");
        commands.end = words -> TypedCommands.printed("[" + reads.incrementAndGet() + "]");
        page = ServedPage.of(Place.directory(data, Optional.empty()), commands);
    }

    @AfterEach
    void close() {
        page.close();
    }

    private void write() {
        try {
            Files.writeString(segment, Files.readString(segment) + " more");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anAnswerIsKeptUntilSomebodyHasWritten() {
        HttpResponse<String> first = page.get("/api/runs");
        HttpResponse<String> again = page.get("/api/runs");

        assertThat(first.body()).isEqualTo("[1]");
        assertThat(again.body()).isEqualTo("[1]");
        assertThat(again.headers().firstValue("Tidemark-Read"))
                .isEqualTo(first.headers().firstValue("Tidemark-Read"));
        assertThat(again.headers().firstValue(STALE)).isEmpty();

        write();
        assertThat(page.get("/api/runs").body()).isEqualTo("[2]");
        assertThat(page.get("/api/runs").body()).isEqualTo("[2]");
        assertThat(commands.typed).hasSize(2);
    }

    @Test
    void aChangeDuringTheReadingIsReadAtTheNextQuestion() {
        commands.end = words -> {
            write();
            return TypedCommands.printed("[" + reads.incrementAndGet() + "]");
        };
        page.get("/api/runs");
        commands.end = words -> TypedCommands.printed("[" + reads.incrementAndGet() + "]");

        assertThat(page.get("/api/runs").body()).isEqualTo("[2]");
    }

    @Test
    void whileACollectionIsUnderWayTheLastAnswerIsGivenWithTheReason() {
        page.get("/api/runs");
        write();
        commands.end = words -> TypedCommands.failed(new BusyException("a run on /régistry is under way"));

        HttpResponse<String> old = page.get("/api/runs");
        assertThat(old.statusCode()).isEqualTo(200);
        assertThat(old.body()).isEqualTo("[1]");
        assertThat(old.headers().firstValue(STALE)).hasValue("a run on /r?gistry is under way");
        HttpResponse<String> never = page.get("/api/explain?subject=a");
        assertThat(never.statusCode()).isEqualTo(409);
        assertThat(never.body()).contains("a run on /régistry is under way");

        commands.end = words -> TypedCommands.printed("[2]");
        HttpResponse<String> fresh = page.get("/api/runs");
        assertThat(fresh.body()).isEqualTo("[2]");
        assertThat(fresh.headers().firstValue(STALE)).isEmpty();
    }

    @Test
    void anotherFailureIsNotHiddenByAnOldAnswer() {
        page.get("/api/runs");
        write();
        commands.end = words -> TypedCommands.failed(new CollectionException("no disk"));

        assertThat(page.get("/api/runs").statusCode()).isEqualTo(502);
    }

    @Test
    void whileAnActionIsUnderWayNobodyWaitsForIt() throws Exception {
        page.get("/api/runs");
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        commands.end = words -> {
            begun.countDown();
            await(go);
            return TypedCommands.printed("done\n");
        };
        var action = CompletableFuture.supplyAsync(() -> page.post("/api/runs/20260131-235959/cancel", "{}"));
        begun.await();

        assertThat(page.get("/api/runs").headers().firstValue(STALE)).isEmpty();
        write();
        assertThat(page.get("/api/runs").headers().firstValue(STALE)).isPresent();
        assertThat(page.get("/api/explain?subject=a").statusCode()).isEqualTo(409);
        go.countDown();
        assertThat(action.join().statusCode()).isEqualTo(200);
    }

    @Test
    void oneCommandAtATimeOpensTheDirectory() throws Exception {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        commands.end = words -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            begun.countDown();
            await(go);
            inside.decrementAndGet();
            return TypedCommands.printed("{}");
        };
        List<CompletableFuture<HttpResponse<String>>> asked = List.of(ask("a"), ask("b"), ask("c"));
        begun.await();
        go.countDown();

        assertThat(asked)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
        assertThat(most).hasValue(1);
    }

    private CompletableFuture<HttpResponse<String>> ask(String subject) {
        return CompletableFuture.supplyAsync(() -> page.get("/api/explain?subject=" + subject));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void moreQuestionsAtOnceThanThereAreThreadsForAreSentAway() {
        var go = new CountDownLatch(1);
        commands.end = words -> {
            await(go);
            return TypedCommands.printed("{}");
        };
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int i = 0; i < 12; i++) {
                String path = "/api/explain?subject=" + i;
                asked.add(CompletableFuture.supplyAsync(() -> page.get(path), threads));
            }
            // Those that are sent away are answered while the others wait.
            CompletableFuture.anyOf(asked.toArray(CompletableFuture[]::new)).join();
            assertThat(page.ask(page.request("/")).statusCode())
                    .as("the page itself has threads left")
                    .isEqualTo(200);
            go.countDown();
        }
        assertThat(asked).extracting(answer -> answer.join().statusCode()).contains(200, 503);
    }
}
