package dev.tidemark.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.ConditionalTrashContract;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import dev.tidemark.testkit.gcs.GcsServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GcsTrashTest extends ConditionalTrashContract {

    private GcsServer server;

    @Override
    protected Path root() {
        server = GcsServer.on(directory);
        return server.bucket("registry").resolve("some/root");
    }

    @Override
    protected Storage open() {
        return GcsStorage.open(GcsStorageContractTest.settings(server, "/some/root/"), false, new Calls(List.of()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    protected void faults(Function<Request, Optional<Answer>> faults) {
        server.faults(faults);
    }

    @Override
    protected Map<String, Long> requests() {
        return server.requests();
    }

    @Override
    protected void forgetRequests() {
        server.forgetRequests();
    }

    @Override
    protected Operations operations() {
        return new Operations("objects.get", "objects.rewrite", "batch", "objects.insert");
    }

    @Override
    protected Rights rights() {
        return new Rights(
                "storage.objects.get, storage.objects.create and storage.objects.delete",
                "storage.objects.delete",
                "storage.objects.create");
    }

    @Override
    protected Answer denied() {
        return new Answer.Error(403, "forbidden");
    }

    @Test
    void aLargeFileIsCopiedInSeveralCalls() {
        long size = storage.stat(data).orElseThrow().size();
        server.rewriteInSteps(1);
        server.forgetRequests();

        assertThat(trash.take(RUN, List.of(data), () -> true)).isEmpty();

        assertThat(server.requests()).containsEntry("objects.rewrite", size);
        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.BACK);
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void aCopyThatIsNotWholeIsNone() {
        for (String size : List.of("\"size\":\"1\"", "\"size\":\"x\"")) {
            all("objects.rewrite", new Answer.Changed(body -> body.replaceAll("\"size\":\"\\d+\"", size)));

            assertThat(trash.take(RUN, List.of(data), () -> true)).containsKey(data);

            assertThat(server.requests()).doesNotContainKey("batch");
            assertThat(snapshot()).containsAllEntriesOf(before);
        }
    }

    @Test
    void aCopyThatDoesNotGoOnEnds() {
        all(
                "objects.rewrite",
                new Answer.Plain(200, "{\"done\":false,\"rewriteToken\":\"a\",\"totalBytesRewritten\":\"1\"}"));

        assertThat(trash.take(RUN, List.of(data), () -> true).get(data)).hasMessageContaining("does not say that it");

        assertThat(snapshot()).containsAllEntriesOf(before);
    }
}
