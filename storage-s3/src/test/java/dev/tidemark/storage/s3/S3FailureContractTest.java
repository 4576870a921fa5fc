package dev.tidemark.storage.s3;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.FailureContract;
import dev.tidemark.storage.Storage;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import dev.tidemark.testkit.S3Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;

class S3FailureContractTest extends FailureContract {

    private S3Server server;

    @Override
    protected Path root() {
        server = S3Server.on(directory);
        return server.bucket("registry");
    }

    @Override
    protected Storage open(Duration aTry, Calls calls) {
        return S3Storage.open(
                S3StorageContractTest.settings(server, ""),
                false,
                aTry == null ? S3Client.LIMITS : new S3Client.Limits(aTry, aTry),
                calls);
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
                List.of(
                        new Answer.Error(503, "SlowDown"),
                        new Answer.Error(503, "ServiceUnavailable"),
                        new Answer.Error(500, "InternalError")),
                new Answer.Error(400, "ExpiredToken"),
                new Answer.Error(403, "AccessDenied"),
                new Answer.Error(404, "NoSuchBucket"),
                body -> body.replaceAll("<IsTruncated>false</IsTruncated>", "<IsTruncated>true</IsTruncated>")
                        .replaceAll("<NextContinuationToken>.*?</NextContinuationToken>", ""));
    }

    @Override
    protected Rights rights() {
        return new Rights(
                "s3:ListBucket on arn:aws:s3:::registry",
                "s3:GetObject on arn:aws:s3:::registry/*",
                "s3:DeleteObject on arn:aws:s3:::registry/*");
    }

    @Override
    protected Operations operations() {
        return new Operations("ListObjectsV2", "HeadObject", "GetObject", "DeleteObjects");
    }

    @AfterEach
    void stop() {
        server.close();
    }
}
