package dev.tidemark.storage.s3;

import dev.tidemark.storage.StorageSettings;
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
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.endpoints.EndpointUrl;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointProvider;
import software.amazon.awssdk.utils.AttributeMap;

/** The SDK's client, set up as the registry's own configuration says. */
final class S3Client {

  private static final int CONNECTIONS = 128;
  private static final Duration LONGEST_WAIT_FOR_A_CONNECTION = Duration.ofMinutes(2);
  private static final Duration LONGEST_TRY = Duration.ofSeconds(60);
  private static final Duration LONGEST_CALL = Duration.ofMinutes(5);

  private S3Client() {}

  static S3AsyncClient of(StorageSettings.S3 settings, RequestCount count) {
    return of(settings, count, http(settings));
  }

  static S3AsyncClient of(StorageSettings.S3 settings, RequestCount count, SdkAsyncHttpClient http) {
    // The three are addresses of Amazon's own, so an endpoint has none. And an accelerated bucket is named in the host, whatever is said.
    boolean amazon = settings.endpoint() == null;
    boolean accelerate = amazon && settings.accelerate();
    S3AsyncClientBuilder builder =
        S3AsyncClient.builder()
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
              // Backs off with jitter, and sends less to a server that says it gets too much.
              options.retryStrategy(RetryMode.ADAPTIVE_V2)
                  .apiCallAttemptTimeout(LONGEST_TRY)
                  .apiCallTimeout(LONGEST_CALL)
                  .addExecutionInterceptor(new Allowance())
                  .addExecutionInterceptor(count);
              if (settings.userAgent() != null) {
                options.putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_PREFIX, settings.userAgent());
              }
            });
    if (!amazon) {
      builder.endpointOverride(URI.create(settings.endpoint()));
    } else if (!settings.secure()) {
      S3EndpointProvider known = S3EndpointProvider.defaultProvider();
      builder.endpointProvider(parameters -> known.resolveEndpoint(parameters).thenApply(S3Client::withoutTls));
    }
    return builder.build();
  }

  private static AwsCredentialsProvider credentials(StorageSettings.S3 settings) {
    if (settings.accessKey() == null) {
      return DefaultCredentialsProvider.builder().build();
    }
    return StaticCredentialsProvider.create(
        settings.sessionToken() == null
            ? AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())
            : AwsSessionCredentials.create(settings.accessKey(), settings.secretKey(), settings.sessionToken()));
  }

  private static SdkAsyncHttpClient http(StorageSettings.S3 settings) {
    AttributeMap defaults =
        AttributeMap.builder().put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, settings.skipVerify()).build();
    return NettyNioAsyncHttpClient.builder()
        .maxConcurrency(CONNECTIONS)
        .maxPendingConnectionAcquires(Integer.MAX_VALUE)
        .connectionAcquisitionTimeout(LONGEST_WAIT_FOR_A_CONNECTION)
        .buildWithDefaults(defaults);
  }

  private static Endpoint withoutTls(Endpoint endpoint) {
    EndpointUrl url = endpoint.endpointUrl();
    return endpoint.toBuilder().endpointUrl(EndpointUrl.fromComponents("http", url.host(), url.port(), url.encodedPath())).build();
  }
}
