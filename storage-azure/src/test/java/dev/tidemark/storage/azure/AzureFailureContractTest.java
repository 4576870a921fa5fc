package dev.tidemark.storage.azure;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.FailureContract;
import dev.tidemark.storage.Storage;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.extension.RegisterExtension;

class AzureFailureContractTest extends FailureContract {

    @RegisterExtension
    private static final SharedAzure SERVER = new SharedAzure();

    private String container;

    @Override
    protected Path root() {
        container = "registry-" + UUID.randomUUID();
        return directory.resolve("root");
    }

    @Override
    protected void store() {
        new AzureFiles(SERVER.get(), container, "").follow(registry);
    }

    @Override
    protected Storage open(Duration aTry, Calls calls) {
        return AzureStorage.open(
                AzureFiles.settings(SERVER.get(), container, ""),
                false,
                aTry == null ? AzureClient.LIMITS : new AzureClient.Limits(aTry, aTry),
                BlobCopies.WAITING,
                calls);
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

    /** A listing of Azure says that it goes on, or nothing: one that goes on where it was has been cut short. */
    @Override
    protected Failing failing() {
        return new Failing(
                List.of(
                        new Answer.Error(503, "ServerBusy"),
                        new Answer.Plain(503, "upstream connect error"),
                        new Answer.Error(500, "OperationTimedOut")),
                new Answer.Error(401, "InvalidAuthenticationInfo"),
                new Answer.Error(403, "AuthorizationPermissionMismatch"),
                new Answer.Error(404, "ContainerNotFound"),
                body -> body.replaceAll(
                        "<NextMarker */>|<NextMarker>.*?</NextMarker>", "<NextMarker>same</NextMarker>"));
    }

    @Override
    protected Rights rights() {
        return new Rights("Storage Blob Data Reader", "Storage Blob Data Reader", "Storage Blob Data Contributor");
    }

    @Override
    protected Operations operations() {
        return new Operations("ListBlobs", "GetBlobProperties", "GetBlob", "BlobBatch");
    }
}
