package dev.tidemark.storage.s3;

import dev.tidemark.storage.config.StorageSettings;
import java.net.URI;
import java.util.Locale;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * Tells two buckets of one name apart by their server. Amazon has one bucket of a name in all regions of a partition.
 */
final class BucketIdentity {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private BucketIdentity() {}

    /**
     * The server in words: a partition of Amazon's ({@code aws}), or a host and port with whatever path is behind it.
     *
     * @param settings of the bucket
     */
    static String server(StorageSettings.S3 settings) {
        URI endpoint = settings.endpoint() == null ? null : URI.create(settings.endpoint());
        if (endpoint == null || isAmazons(endpoint.getHost())) {
            return PartitionMetadata.of(Region.of(settings.region())).id();
        }
        int port = endpoint.getPort() >= 0
                ? endpoint.getPort()
                : endpoint.getScheme().equals("http") ? HTTP : HTTPS;
        return endpoint.getHost().toLowerCase(Locale.ROOT) + ":" + port
                + endpoint.getRawPath().replaceAll("/+$", "");
    }

    private static boolean isAmazons(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.endsWith(".amazonaws.com") || name.endsWith(".amazonaws.com.cn");
    }
}
