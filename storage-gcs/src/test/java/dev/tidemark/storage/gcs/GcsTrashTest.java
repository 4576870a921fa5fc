package dev.tidemark.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.TrashContract;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.gcs.GcsServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GcsTrashTest extends TrashContract {

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

    private void all(String operation, Answer answer) {
        server.faults(request -> request.operation().equals(operation) ? Optional.of(answer) : Optional.empty());
    }

    @Test
    void aFileCostsTwoRequestsMoreThanItsDeletion() {
        server.forgetRequests();

        assertThat(trash.take(RUN, List.of(link, data), () -> true)).isEmpty();

        assertThat(server.requests())
                .as("a look and a copy of each; the time of it is written once")
                .isEqualTo(Map.of("objects.get", 2L, "objects.rewrite", 2L, "batch", 1L, "objects.insert", 1L));
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
    void whatCannotBeCopiedIsNotDeleted() {
        all("objects.rewrite", new Answer.Error(403, "forbidden"));

        StorageException why = trash.take(RUN, List.of(data), () -> true).get(data);

        assertThat(why)
                .isInstanceOf(NoTrashException.class)
                .hasMessageContaining("cannot copy gs://registry/…/" + data)
                .hasMessageContaining("grant storage.objects.get, storage.objects.create and storage.objects.delete");
        assertThat(server.requests()).doesNotContainKey("batch");
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

    /** Since it was looked at, and while it is copied. */
    @Test
    void whatIsWrittenAgainIsNotTaken() {
        assertThat(storage.stat(data)).isPresent();
        write("again");

        assertThat(trash.take(RUN, List.of(data), () -> true).get(data)).hasMessageContaining("was written again");
        assertThat(registry.base().resolve(data)).hasContent("again");

        var first = new AtomicBoolean(true);
        server.faults(request -> {
            if (request.operation().equals("batch") && first.getAndSet(false)) {
                write("once more");
            }
            return Optional.empty();
        });
        assertThat(storage.stat(data)).isPresent();
        assertThat(trash.take(RUN, List.of(data), () -> true).get(data)).hasMessageContaining("was written again");
        assertThat(registry.base().resolve(data)).hasContent("once more");
    }

    @Test
    void whatTheRegistryWritesDuringARestorationIsNotReplaced() {
        trash.take(RUN, List.of(data), () -> true);
        server.faults(request -> {
            if (request.operation().equals("objects.rewrite")) {
                write("pushed");
            }
            return Optional.empty();
        });

        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.IN_PLACE);

        assertThat(registry.base().resolve(data)).hasContent("pushed");
        assertThat(files(RUN)).hasSize(1);
    }

    @Test
    void aDeletionThatIsDeniedLeavesTheFileAndItsCopyDoesNoHarm() {
        all("batch", new Answer.Error(403, "forbidden"));

        assertThat(trash.take(RUN, List.of(data), () -> true).get(data))
                .hasMessageContaining("grant storage.objects.delete");

        server.faults(request -> Optional.empty());
        assertThat(storage.stat(data)).isPresent();
        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.IN_PLACE);
        assertThat(trash.purge(RUN, List.of(data), () -> true)).isEmpty();
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void aTrashThatCannotBeMadeIsSaid() {
        all("objects.insert", new Answer.Error(403, "forbidden"));

        assertThatThrownBy(() -> trash.prepare(RUN, Duration.ofHours(1)))
                .isInstanceOf(NoTrashException.class)
                .hasMessageContaining("grant storage.objects.create");
    }

    private void write(String content) {
        RegistryOnDisk.write(registry.base().resolve(data), content.getBytes(StandardCharsets.UTF_8));
    }
}
