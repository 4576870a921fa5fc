package dev.tidemark.testkit;

import java.nio.file.Path;
import org.gaul.s3proxy.nio2blob.AbstractNio2BlobStore;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;

/**
 * Buckets on a directory that can keep versions. S3Proxy's own store of files says that it can't, as not every file
 * system has the user attributes that it needs for them.
 */
final class VersionedFiles extends AbstractNio2BlobStore {

    VersionedFiles(Path directory) {
        super(directory);
    }

    @Override
    public boolean supportsVersioning() {
        return true;
    }

    void set(String bucket, BucketVersioningStatus status) {
        putBucketVersioning(PutBucketVersioningRequest.builder()
                .bucket(bucket)
                .versioningConfiguration(versioning -> versioning.status(status))
                .build());
    }
}
