package dev.tidemark.storage.s3;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Patience;
import dev.tidemark.storage.config.StorageSettings;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.endpoints.EndpointUrl;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.AdaptiveRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.internal.DefaultAdaptiveRetryStrategy;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointProvider;
import software.amazon.awssdk.utils.AttributeMap;

/** The SDK's client, set up as the registry's own configuration says. */
final class S3Client {

    /** How many requests may be under way at once. A further one waits: that is no time that the server takes. */
    static final int CONNECTIONS = 128;

    /**
     * How long a server may take. There is no limit for all tries together, other than that there are so many: of a
     * process that was stopped for a while, one try has failed when it goes on, and not the call.
     *
     * @param answer to one try
     * @param connection that one try is given, or refused. Of one that is refused, the SDK's pool sometimes says
     *     nothing: this is much less than the whole try, and the next try is told
     */
    record Limits(Duration answer, Duration connection) {}

    static final Limits LIMITS = new Limits(Duration.ofSeconds(40), Duration.ofSeconds(10));

    private static final Duration AND_A_BIT = Duration.ofSeconds(5);
    private static final int TRIES = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

    private S3Client() {}

    static S3AsyncClient of(StorageSettings.S3 settings, Calls calls, Patience patience, Limits limits) {
        return of(settings, calls, patience, limits, http(settings, limits));
    }

    static S3AsyncClient of(
            StorageSettings.S3 settings, Calls calls, Patience patience, Limits limits, SdkAsyncHttpClient http) {
        // The three are addresses of Amazon's own, so an endpoint has none. And an accelerated bucket is named in the
        // host, whatever is said.
        boolean amazon = settings.endpoint() == null;
        boolean accelerate = amazon && settings.accelerate();
        S3AsyncClientBuilder builder = S3AsyncClient.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials(settings))
                .httpClient(http)
                .forcePathStyle(settings.pathStyle() && !accelerate)
                .accelerate(accelerate)
                .dualstackEnabled(amazon && settings.dualStack())
                .fipsEnabled(amazon && settings.fips())
                // Servers other than Amazon's don't know the newer checksums, nor the one that deletions come with now.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .addPlugin(LegacyMd5Plugin.create())
                .overrideConfiguration(options -> {
                    options.retryStrategy(retries(patience))
                            .apiCallAttemptTimeout(limits.answer())
                            .addExecutionInterceptor(new Allowance())
                            .addExecutionInterceptor(new RequestCount(calls));
                    if (settings.userAgent() != null) {
                        options.putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_PREFIX, settings.userAgent());
                    }
                });
        if (!amazon) {
            builder.endpointOverride(URI.create(settings.endpoint()));
        } else if (!settings.secure()) {
            S3EndpointProvider known = S3EndpointProvider.defaultProvider();
            builder.endpointProvider(
                    parameters -> known.resolveEndpoint(parameters).thenApply(S3Client::withoutTls));
        }
        return builder.build();
    }

    /**
     * Backs off with jitter, and sends less to a server that says it gets too much. The SDK's own quota of retries is
     * off, which only the class behind the interface can do: of a hundred requests that are under way when a server is
     * restarted, two thirds would not be tried again. Nor would it try again a fault that is wrapped in another one: no
     * connection in time, and now and then no answer in time.
     */
    private static RetryStrategy retries(Patience patience) {
        var builder = (DefaultAdaptiveRetryStrategy.Builder) AdaptiveRetryStrategy.builder();
        return builder.circuitBreakerEnabled(false)
                .maxAttempts(TRIES)
                .backoffStrategy(BackoffStrategy.exponentialDelay(FIRST_PAUSE, LONGEST_PAUSE))
                .retryOnException(S3Failures::unanswered)
                .doNotRetryWhen(failed -> !patience.left())
                .build();
    }

    private static AwsCredentialsProvider credentials(StorageSettings.S3 settings) {
        if (settings.accessKey() == null) {
            return inOwnLoader(DefaultCredentialsProvider.builder().build());
        }
        return StaticCredentialsProvider.create(
                settings.sessionToken() == null
                        ? AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())
                        : AwsSessionCredentials.create(
                                settings.accessKey(), settings.secretKey(), settings.sessionToken()));
    }

    /**
     * For a web identity the SDK makes a client of its own at the first request, with whatever library for HTTP the
     * thread's class loader has: that of the program has none.
     */
    private static AwsCredentialsProvider inOwnLoader(AwsCredentialsProvider credentials) {
        return () -> {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(S3Client.class.getClassLoader());
            try {
                return credentials.resolveCredentials();
            } finally {
                thread.setContextClassLoader(before);
            }
        };
    }

    private static SdkAsyncHttpClient http(StorageSettings.S3 settings, Limits limits) {
        AttributeMap defaults = AttributeMap.builder()
                .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, settings.skipVerify())
                .build();
        return NettyNioAsyncHttpClient.builder()
                .maxConcurrency(CONNECTIONS)
                .maxPendingConnectionAcquires(Integer.MAX_VALUE)
                .connectionTimeout(limits.connection())
                .connectionAcquisitionTimeout(limits.connection())
                .tlsNegotiationTimeout(limits.answer())
                // Of what is no try any more: a body that goes no further.
                .readTimeout(limits.answer().plus(AND_A_BIT))
                .buildWithDefaults(defaults);
    }

    private static Endpoint withoutTls(Endpoint endpoint) {
        EndpointUrl url = endpoint.endpointUrl();
        return endpoint.toBuilder()
                .endpointUrl(EndpointUrl.fromComponents("http", url.host(), url.port(), url.encodedPath()))
                .build();
    }
}
