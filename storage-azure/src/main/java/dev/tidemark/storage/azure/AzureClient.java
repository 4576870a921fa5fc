package dev.tidemark.storage.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.config.StorageSettings.Azure;
import java.time.Duration;

/** The SDK's client, set up as the registry's own configuration says. */
final class AzureClient {

    /** How many requests may be under way at once. A further one waits: that is no time that the server takes. */
    static final int CONNECTIONS = 128;

    static final int TRIES = 5;

    /**
     * How long a server may take.
     *
     * @param answer to one try, and each part of it
     * @param connection that one try is given, or refused
     */
    record Limits(Duration answer, Duration connection) {}

    static final Limits LIMITS = new Limits(Duration.ofSeconds(40), Duration.ofSeconds(10));

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

    private AzureClient() {}

    /** @param tries of each request */
    static BlobContainerClient of(Azure settings, HttpClient http, int tries, Calls calls) {
        BlobContainerClientBuilder builder = new BlobContainerClientBuilder()
                .endpoint(settings.serviceUrl())
                .containerName(settings.container())
                .httpClient(http)
                .retryOptions(new RequestRetryOptions(
                        RetryPolicyType.EXPONENTIAL, tries, (Duration) null, FIRST_PAUSE, LONGEST_PAUSE, null))
                .addPolicy(new AzureAnswers())
                .addPolicy(new SentRequests(calls));
        switch (settings.credentials()) {
            case Azure.SharedKey(String key) ->
                builder.credential(new StorageSharedKeyCredential(settings.account(), key));
            case Azure.ClientSecret secret -> builder.credential(of(secret, http));
            case Azure.DefaultCredentials() ->
                builder.credential(
                        new DefaultAzureCredentialBuilder().httpClient(http).build());
        }
        return builder.buildClient();
    }

    private static TokenCredential of(Azure.ClientSecret secret, HttpClient http) {
        return new ClientSecretCredentialBuilder()
                .tenantId(secret.tenant())
                .clientId(secret.client())
                .clientSecret(secret.secret())
                .httpClient(http)
                .build();
    }

    static HttpClient http(Azure settings, Limits limits) {
        var builder = java.net.http.HttpClient.newBuilder().version(java.net.http.HttpClient.Version.HTTP_1_1);
        if (settings.skipVerify()) {
            builder.sslContext(AnyCertificate.context());
        }
        return new JdkHttpClientBuilder(builder)
                .connectionTimeout(limits.connection())
                .responseTimeout(limits.answer())
                .readTimeout(limits.answer())
                .writeTimeout(limits.answer())
                .build();
    }
}
