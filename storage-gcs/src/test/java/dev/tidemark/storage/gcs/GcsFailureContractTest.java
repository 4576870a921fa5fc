package dev.tidemark.storage.gcs;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.FailureContract;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import dev.tidemark.testkit.gcs.GcsServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;

class GcsFailureContractTest extends FailureContract {

    private GcsServer server;

    @Override
    protected Path root() {
        server = GcsServer.on(directory);
        return server.bucket("registry");
    }

    @Override
    protected Storage open(Duration aTry, Calls calls) {
        // Without credentials: a token is one request more, once.
        var settings = new StorageSettings.Gcs("registry", "", null, null, server.endpoint(), null);
        return GcsStorage.open(settings, false, aTry == null ? GcsRequests.TRY : aTry, calls);
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
    protected Failing failing() {
        return new Failing(
                List.of(new Answer.Error(429, "rateLimitExceeded"), new Answer.Error(503, "backendError")),
                new Answer.Error(401, "authError"),
                new Answer.Error(403, "forbidden"),
                new Answer.Error(404, "notFound"),
                body -> body.replaceFirst(
                        "\"kind\":\"storage#objects\"", "\"kind\":\"storage#objects\",\"nextPageToken\":\"\""));
    }

    @Override
    protected Rights rights() {
        return new Rights("storage.objects.list", "storage.objects.get", "storage.objects.delete");
    }

    @Override
    protected Operations operations() {
        return new Operations("objects.list", "objects.get", "objects.get", "batch");
    }

    @AfterEach
    void stop() {
        server.close();
    }
}
