package dev.tidemark.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.models.BlobType;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.ConditionalTrashContract;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AzureTrashTest extends ConditionalTrashContract {

    @RegisterExtension
    private static final SharedAzure SERVER = new SharedAzure();

    private static final BlobCopies.Waiting SHORT =
            new BlobCopies.Waiting(Duration.ofMillis(10), Duration.ofMillis(200));

    private String container;
    private AzureFiles files;

    @Override
    protected Path root() {
        container = "registry-" + UUID.randomUUID();
        files = new AzureFiles(SERVER.get(), container, "some/root/");
        return directory.resolve("root");
    }

    @Override
    protected void store() {
        files.follow(registry);
    }

    @Override
    protected Storage open() {
        return AzureStorage.open(
                AzureFiles.settings(SERVER.get(), container, "/some/root/"),
                false,
                AzureClient.LIMITS,
                SHORT,
                new Calls(List.of()));
    }

    @Override
    protected Map<String, String> snapshot() {
        Map<String, String> all = files.snapshot();
        all.keySet().removeIf(name -> name.startsWith("tidemark/"));
        return all;
    }

    @Override
    protected void write(String path, String content) {
        files.upload("docker/registry/v2/" + path, content.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected void removeTrash() {
        files.remove("tidemark/");
    }

    @Override
    protected void faults(Function<Request, Optional<Answer>> faults) {
        SERVER.get().faults(faults);
    }

    @Override
    protected Map<String, Long> requests() {
        return SERVER.get().requests();
    }

    @Override
    protected void forgetRequests() {
        SERVER.get().forgetRequests();
    }

    @Override
    protected Operations operations() {
        return new Operations("GetBlobProperties", "CopyBlob", "BlobBatch", "PutBlob");
    }

    @Override
    protected Rights rights() {
        String role = "Storage Blob Data Contributor";
        return new Rights(role, role, role);
    }

    @Override
    protected Answer denied() {
        return new Answer.Error(403, "AuthorizationPermissionMismatch");
    }

    @Test
    void aBlobComesBackWithItsType() {
        assertThat(files.type("docker/registry/v2/" + data)).isEqualTo(BlobType.APPEND_BLOB);
        trash.take(RUN, List.of(data), () -> true);

        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.BACK);

        assertThat(files.type("docker/registry/v2/" + data)).isEqualTo(BlobType.APPEND_BLOB);
    }

    /** Azure copies within an account at once most of the time, and says nowhere that it does. */
    @Test
    void aCopyThatGoesOnIsWaitedForUntilItIsWhole() {
        var looks = new AtomicInteger();
        faults(request -> switch (request.operation()) {
            case "CopyBlob" -> pending("0/4");
            case "GetBlobProperties" ->
                request.path().contains("tidemark") && looks.incrementAndGet() < 3
                        ? pending(looks.get() + "/4")
                        : Optional.empty();
            default -> Optional.empty();
        });

        assertThat(trash.take(RUN, List.of(data), () -> true)).isEmpty();

        assertThat(looks).hasValue(3);
        assertGone(data);
    }

    @Test
    void aCopyThatStandsStillOrFailsIsNone() {
        for (String status : List.of("pending", "failed", "aborted")) {
            faults(request -> request.operation().equals("CopyBlob")
                            || (request.operation().equals("GetBlobProperties")
                                    && request.path().contains("tidemark"))
                    ? Optional.of(new Answer.Headed(Map.of("x-ms-copy-status", status)))
                    : Optional.empty());

            StorageException why = trash.take(RUN, List.of(data), () -> true).get(data);

            assertThat(why).hasMessageContaining(status.equals("pending") ? "stands still" : status);
            assertThat(snapshot()).as(status).isEqualTo(before);
        }
        assertThat(files(RUN)).as("what has failed is removed").isEmpty();
    }

    @Test
    void aCopyThatGoesOnIsNotWaitedForOnceItIsNotAllowedAnyMore() {
        var allowed = new AtomicBoolean(true);
        faults(request -> {
            if (request.operation().equals("CopyBlob")) {
                allowed.set(false);
            }
            return request.operation().equals("CopyBlob") || request.path().contains("tidemark")
                    ? pending("1/4")
                    : Optional.empty();
        });

        assertThat(trash.take(RUN, List.of(data), allowed::get).get(data)).isInstanceOf(NotAllowedException.class);

        assertThat(snapshot()).isEqualTo(before);
    }

    /** Azure goes on with it, or gives up, whatever becomes of the process that has asked for it. */
    @Test
    void aCopyThatIsNotWholeIsNotRestored() {
        trash.take(RUN, List.of(data), () -> true);
        faults(request -> request.operation().equals("GetBlobProperties")
                        && request.path().contains("tidemark")
                ? Optional.of(new Answer.Headed(Map.of("x-ms-copy-status", "failed")))
                : Optional.empty());

        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.NOT_THERE);

        assertGone(data);
    }

    private static Optional<Answer> pending(String progress) {
        return Optional.of(new Answer.Headed(Map.of("x-ms-copy-status", "pending", "x-ms-copy-progress", progress)));
    }

    /** What is not known to be whole is not deleted. */
    @Test
    void anAnswerThatDoesNotSayWhatBecameOfACopyIsNone() {
        all("CopyBlob", new Answer.Plain(202, ""));

        assertThat(trash.take(RUN, List.of(data), () -> true)).containsKey(data);

        assertThat(snapshot()).isEqualTo(before);
    }

    /** A time is rounded up to the second, and the present one down: nothing is due too early. */
    @Test
    void thePresentTimeIsNotRoundedUp() {
        assertThat(trash.now() % 1000).isZero();
    }
}
