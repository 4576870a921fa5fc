package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

class CopyRequestsTest {

    private static final HeadObjectResponse OBJECT = HeadObjectResponse.builder()
            .eTag("\"tag\"")
            .contentType("application/octet-stream")
            .metadata(Map.of("who", "me"))
            .storageClass("STANDARD_IA")
            .serverSideEncryption("aws:kms")
            .ssekmsKeyId("arn:aws:kms:eu-central-1:1:key/2")
            .bucketKeyEnabled(true)
            .build();

    @Test
    void aCopyIsStoredAndEncryptedAsTheObjectIs() {
        CopyObjectRequest copy = CopyRequests.whole("bucket", new CopyRequests.Source("from", OBJECT), "to")
                .build();

        assertThat(copy.copySourceIfMatch()).isEqualTo("\"tag\"");
        assertThat(copy.storageClassAsString()).isEqualTo("STANDARD_IA");
        assertThat(copy.serverSideEncryptionAsString()).isEqualTo("aws:kms");
        assertThat(copy.ssekmsKeyId()).isEqualTo("arn:aws:kms:eu-central-1:1:key/2");
        assertThat(copy.bucketKeyEnabled()).isTrue();
        assertThat(copy.metadataDirectiveAsString()).as("it is copied").isNull();
    }

    @Test
    void aCopyInPartsHasTheMetadataToo() {
        CreateMultipartUploadRequest copy =
                CopyRequests.begin("bucket", OBJECT, "to").build();

        assertThat(copy.contentType()).isEqualTo("application/octet-stream");
        assertThat(copy.metadata()).isEqualTo(Map.of("who", "me"));
        assertThat(copy.storageClassAsString()).isEqualTo("STANDARD_IA");
        assertThat(copy.serverSideEncryptionAsString()).isEqualTo("aws:kms");
        assertThat(copy.ssekmsKeyId()).isEqualTo("arn:aws:kms:eu-central-1:1:key/2");
    }
}
