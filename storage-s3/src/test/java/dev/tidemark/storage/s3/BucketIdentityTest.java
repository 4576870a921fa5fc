package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.config.StorageSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two buckets of one name are two, and one that is named in two ways is one. */
class BucketIdentityTest {

    @ParameterizedTest
    @CsvSource({
        "us-east-1, , aws",
        "eu-central-1, , aws",
        "eu-central-1, https://s3.eu-central-1.amazonaws.com, aws",
        "cn-north-1, , aws-cn",
        "cn-north-1, https://s3.cn-north-1.amazonaws.com.cn, aws-cn",
        "us-east-1, http://minio:9000, minio:9000",
        "us-east-1, http://MinIO:9000/, minio:9000",
        "us-east-1, http://minio, minio:80",
        "us-east-1, https://minio, minio:443",
        "us-east-1, https://gateway/s3/, gateway:443/s3"
    })
    void itIsThatOfTheServer(String region, String endpoint, String server) {
        assertThat(BucketIdentity.server(bucket(region, endpoint))).isEqualTo(server);
    }

    @Test
    void theRegionOfAnotherServerIsNoneOfIt() {
        assertThat(BucketIdentity.server(bucket("here", "http://minio:9000")))
                .isEqualTo(BucketIdentity.server(bucket("there", "http://minio:9000")));
    }

    private static StorageSettings.S3 bucket(String region, String endpoint) {
        return new StorageSettings.S3(
                "registry",
                "",
                region,
                endpoint,
                true,
                "access",
                "secret",
                null,
                true,
                false,
                false,
                false,
                false,
                null);
    }
}
