package dev.tidemark.storage.s3;

/**
 * The rights that calls need, in words.
 *
 * @param bucket its name
 */
record Grants(String bucket) {

    /** By the verb of a call, as messages have it. */
    String of(String verb) {
        return switch (verb) {
            case "list" -> "grant s3:ListBucket on arn:aws:s3:::" + bucket;
            case "look at the versioning of" -> "grant s3:GetBucketVersioning on arn:aws:s3:::" + bucket;
            case "list the versions of" -> "grant s3:ListBucketVersions on arn:aws:s3:::" + bucket;
            case "look at a version of" -> "grant s3:GetObjectVersion on arn:aws:s3:::" + bucket + "/*";
            case "delete a version of" -> "grant s3:DeleteObjectVersion on arn:aws:s3:::" + bucket + "/*";
            case "delete" -> "grant s3:DeleteObject on arn:aws:s3:::" + bucket + "/*";
            case S3Multiparts.LIST -> "grant s3:ListBucketMultipartUploads on arn:aws:s3:::" + bucket;
            case S3Multiparts.PARTS -> "grant s3:ListMultipartUploadParts on arn:aws:s3:::" + bucket + "/*";
            case S3Multiparts.ABORT -> "grant s3:AbortMultipartUpload on arn:aws:s3:::" + bucket + "/*";
            case "write" -> "grant s3:PutObject on arn:aws:s3:::" + bucket + "/*";
            case "copy" ->
                "grant s3:GetObject and s3:PutObject on arn:aws:s3:::" + bucket
                        + "/* (and kms:Decrypt and kms:GenerateDataKey, if its objects are encrypted with a key of "
                        + "your own)";
            default ->
                "grant s3:GetObject on arn:aws:s3:::" + bucket
                        + "/* (and kms:Decrypt, if its objects are encrypted with a key of your own)";
        };
    }
}
