package dev.tidemark.storage.s3;

import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * The requests that copy an object as it is. S3 keeps its metadata, but stores and encrypts a copy by the bucket's
 * defaults if it is not told otherwise; and of one that is made of parts it has to be told everything.
 */
final class CopyRequests {

    private CopyRequests() {}

    /**
     * The version of an object that is copied.
     *
     * @param version null for the current one
     * @param object as it was found there
     * @param condition the ETag that it still has to have; null for any
     */
    record Source(String key, String version, HeadObjectResponse object, String condition) {

        Source(String key, String version, HeadObjectResponse object) {
            this(key, version, object, object.eTag());
        }

        /** The current version of a key. */
        Source(String key, HeadObjectResponse object) {
            this(key, null, object);
        }

        Source unconditionally() {
            return new Source(key, version, object, null);
        }
    }

    /** Copies the object in one request, if it is still the one that was looked at. */
    static CopyObjectRequest.Builder whole(String bucket, Source from, String to) {
        HeadObjectResponse object = from.object();
        return CopyObjectRequest.builder()
                .sourceBucket(bucket)
                .sourceKey(from.key())
                .sourceVersionId(from.version())
                .copySourceIfMatch(from.condition())
                .destinationBucket(bucket)
                .destinationKey(to)
                .storageClass(object.storageClassAsString())
                .serverSideEncryption(object.serverSideEncryptionAsString())
                .ssekmsKeyId(object.ssekmsKeyId())
                .bucketKeyEnabled(object.bucketKeyEnabled());
    }

    /** Begins a copy that is made of parts. */
    static CreateMultipartUploadRequest.Builder begin(String bucket, HeadObjectResponse object, String to) {
        return CreateMultipartUploadRequest.builder()
                .bucket(bucket)
                .key(to)
                .contentType(object.contentType())
                .contentEncoding(object.contentEncoding())
                .contentDisposition(object.contentDisposition())
                .contentLanguage(object.contentLanguage())
                .cacheControl(object.cacheControl())
                .metadata(object.metadata())
                .storageClass(object.storageClassAsString())
                .serverSideEncryption(object.serverSideEncryptionAsString())
                .ssekmsKeyId(object.ssekmsKeyId())
                .bucketKeyEnabled(object.bucketKeyEnabled());
    }
}
