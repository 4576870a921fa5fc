package dev.tidemark.storage.s3;

import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.StorageSettings;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Error;

/** What went wrong, in words: which call, on what, and what to grant or mend. */
final class S3Failures {

  private static final int NOT_FOUND = 404;
  private static final int FORBIDDEN = 403;
  private static final int MOVED = 301;

  private final String bucket;
  private final String region;
  private final String endpoint;

  S3Failures(StorageSettings.S3 settings) {
    bucket = settings.bucket();
    region = settings.region();
    endpoint = settings.endpoint();
  }

  /**
   * The failure of a call, to be thrown.
   *
   * @param path relative to the registry's base; empty for the bucket
   * @return a {@link StorageException}, or {@link S3Storage.NotThereException} if there is no such key
   */
  RuntimeException of(String verb, String path, Throwable thrown) {
    Throwable cause = thrown;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String where = "cannot " + verb + " s3://" + bucket + "/" + (path.isEmpty() ? "" : "…/" + path);
    return switch (cause) {
      case StorageException e -> e;
      case AwsServiceException e -> ofService(verb, where, e);
      case SdkClientException e when e.getMessage().contains("Unable to load credentials") ->
          StorageException.settled(
              where + ": no credentials: write accesskey and secretkey, or give them by the environment, a profile or a role", e);
      default -> new StorageException(where + ": " + message(cause), cause);
    };
  }

  private RuntimeException ofService(String verb, String where, AwsServiceException e) {
    String code = e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null ? "" : e.awsErrorDetails().errorCode();
    return switch (code) {
      case "NoSuchKey" -> new S3Storage.NotThereException(e);
      case "NoSuchBucket" -> settled(where, "there is no such bucket" + (endpoint == null ? "" : " at " + endpoint), e);
      case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired" ->
          settled(where, "the credentials have expired: renew them, or use a role that renews them itself", e);
      case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "InvalidClientTokenId" ->
          settled(where, "the credentials are not accepted (" + code + "): check accesskey, secretkey and sessiontoken", e);
      case "AccessDenied", "AllAccessDisabled", "AccountProblem" -> denied(verb, where, e);
      case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException" -> elsewhere(where, e);
      case "RequestTimeTooSkewed" -> settled(where, "this machine's clock is wrong", e);
      default -> switch (e.statusCode()) {
        case NOT_FOUND -> new S3Storage.NotThereException(e);
        case FORBIDDEN -> denied(verb, where, e);
        case MOVED -> elsewhere(where, e);
        default -> new StorageException(where + ": " + message(e), e);
      };
    };
  }

  private RuntimeException denied(String verb, String where, AwsServiceException e) {
    return settled(where, "access denied: " + grant(verb), e);
  }

  private String grant(String verb) {
    return switch (verb) {
      case "list" -> "grant s3:ListBucket on arn:aws:s3:::" + bucket;
      case "delete" -> "grant s3:DeleteObject on arn:aws:s3:::" + bucket + "/*";
      default -> "grant s3:GetObject on arn:aws:s3:::" + bucket + "/* (and kms:Decrypt, if its objects are encrypted with a key of your own)";
    };
  }

  private RuntimeException elsewhere(String where, AwsServiceException e) {
    String found =
        e.awsErrorDetails() == null || e.awsErrorDetails().sdkHttpResponse() == null
            ? null
            : e.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region").orElse(null);
    return settled(where, "the bucket is not in the region " + region + (found == null ? "" : ", it is in " + found), e);
  }

  private static StorageException settled(String where, String why, Throwable cause) {
    return StorageException.settled(where + ": " + why, cause);
  }

  /** Why one of many keys was not deleted. */
  StorageException ofDeletion(String path, S3Error error) {
    String where = "cannot delete s3://" + bucket + "/…/" + path + ": ";
    return "AccessDenied".equals(error.code())
        ? new ForbiddenException(where + "access denied: " + grant("delete"))
        : new StorageException(where + error.code() + " " + error.message());
  }

  private static String message(Throwable cause) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return message.lines().findFirst().orElse(cause.toString());
  }
}
