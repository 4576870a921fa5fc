package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Patience;
import dev.tidemark.storage.config.StorageSettings;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** Where requests go, by what the registry is told. Nothing is sent. */
class S3AddressTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // bucket, region, endpoint, pathStyle, secure, accelerate, dualStack, fips
                "registry,  eu-west-1,  -,                       false, true,  false, false, false, "
                        + "https://registry.s3.eu-west-1.amazonaws.com",
                "registry,  us-east-1,  -,                       false, true,  false, false, false, "
                        + "https://registry.s3.amazonaws.com",
                "registry,  cn-north-1, -,                       false, true,  false, false, false, "
                        + "https://registry.s3.cn-north-1.amazonaws.com.cn",
                "registry,  eu-west-1,  -,                       true,  true,  false, false, false, "
                        + "https://s3.eu-west-1.amazonaws.com/registry",
                "a.b.c,     eu-west-1,  -,                       false, true,  false, false, false, "
                        + "https://s3.eu-west-1.amazonaws.com/a.b.c",
                "registry,  eu-west-1,  -,                       false, false, false, false, false, "
                        + "http://registry.s3.eu-west-1.amazonaws.com",
                "registry,  cn-north-1, -,                       false, false, false, false, false, "
                        + "http://registry.s3.cn-north-1.amazonaws.com.cn",
                "registry,  eu-west-1,  -,                       false, true,  true,  false, false, "
                        + "https://registry.s3-accelerate.amazonaws.com",
                "registry,  eu-west-1,  -,                       true,  true,  true,  false, false, "
                        + "https://registry.s3-accelerate.amazonaws.com",
                "registry,  eu-west-1,  -,                       false, true,  false, true,  false, "
                        + "https://registry.s3.dualstack.eu-west-1.amazonaws.com",
                "registry,  eu-west-1,  -,                       true,  true,  false, true,  false, "
                        + "https://s3.dualstack.eu-west-1.amazonaws.com/registry",
                "registry,  eu-west-1,  -,                       false, true,  true,  true,  false, "
                        + "https://registry.s3-accelerate.dualstack.amazonaws.com",
                "registry,  eu-west-1,  -,                       false, false, true,  true,  false, "
                        + "http://registry.s3-accelerate.dualstack.amazonaws.com",
                "registry,  us-east-2,  -,                       false, true,  false, false, true,  "
                        + "https://registry.s3-fips.us-east-2.amazonaws.com",
                "registry,  us-east-2,  -,                       false, true,  false, true,  true,  "
                        + "https://registry.s3-fips.dualstack.us-east-2.amazonaws.com",
                "registry,  any,        https://minio:9000,      true,  true,  false, false, false, "
                        + "https://minio:9000/registry",
                "registry,  any,        https://minio:9000,      false, true,  false, false, false, "
                        + "https://registry.minio:9000",
                "registry,  any,        http://minio:9000,       true,  true,  false, false, false, "
                        + "http://minio:9000/registry",
                "registry,  any,        http://minio:9000/,      true,  true,  false, false, false, "
                        + "http://minio:9000/registry",
                "registry,  any,        https://minio/below,     true,  true,  false, false, false, "
                        + "https://minio/below/registry",
                // An endpoint is where it is: these are of Amazon's own addresses.
                "registry,  any,        https://minio:9000,      true,  true,  true,  true,  true,  "
                        + "https://minio:9000/registry",
            })
    void requestsGoWhereTheRegistrysGo(
            String bucket,
            String region,
            String endpoint,
            boolean pathStyle,
            boolean secure,
            boolean accelerate,
            boolean dualStack,
            boolean fips,
            String address) {
        var settings = new StorageSettings.S3(
                bucket,
                "",
                region,
                endpoint,
                pathStyle,
                "access",
                "secret",
                null,
                secure,
                false,
                accelerate,
                dualStack,
                fips,
                null);
        var asked = new AtomicReference<URI>();
        try (S3AsyncClient client =
                S3Client.of(settings, new Calls(), new Patience(), S3Client.LIMITS, new Noting(asked))) {
            assertThat(client.listObjectsV2(request -> request.bucket(bucket).prefix("docker/")))
                    .failsWithin(Duration.ofMinutes(5));
        }

        assertThat(asked.get().toString().replaceAll("/?\\?.*", "")).isEqualTo(address);
    }

    private record Noting(AtomicReference<URI> asked) implements SdkAsyncHttpClient {

        @Override
        public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
            asked.set(request.request().getUri());
            var failure = new IllegalStateException("noted");
            request.responseHandler().onError(failure);
            return CompletableFuture.failedFuture(failure);
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
