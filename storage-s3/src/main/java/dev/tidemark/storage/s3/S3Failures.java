package dev.tidemark.storage.s3;

import static dev.tidemark.storage.objects.ConnectionFailure.find;
import static dev.tidemark.storage.objects.ConnectionFailure.message;

import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.objects.ConnectionFailure;
import dev.tidemark.storage.objects.NotThereException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.model.S3Error;

/** Says a failure of S3 in words: which call, on which path, and the right to grant or the fault to mend. */
final class S3Failures {

    private static final int NOT_FOUND = 404;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int MOVED = 301;
    private static final int SERVER_ERROR = 500;

    /**
     * What the client makes of an answer that is none of HTTP. OpenStack Swift sends a body with its "not found" to a
     * look, which must have none.
     */
    private static final int NO_HTTP = 999;

    private static final String LOOK = "look at";

    /** The calls whose answer may be that there is no such key, without a word of why. */
    private static final Set<String> LOOKS = Set.of(LOOK, "look at a version of");

    private static final Set<String> READS = Set.of("read", LOOK, "look at a version of");

    /** Of a request that some servers do not know: forbidden, not allowed, not implemented. */
    private static final Set<Integer> NOT_OFFERED = Set.of(FORBIDDEN, 405, 501);

    /** The statuses at which the client tries again, whatever else the answer says. */
    private static final Set<Integer> UNAVAILABLE = Set.of(500, 502, 503, 504);

    private final String bucket;
    private final String region;
    private final String endpoint;
    private final boolean pathStyle;
    private final Grants grants;

    S3Failures(StorageSettings.S3 settings) {
        bucket = settings.bucket();
        region = settings.region();
        endpoint = settings.endpoint();
        pathStyle = settings.pathStyle();
        grants = new Grants(bucket);
    }

    /**
     * Whether nobody has answered, or only that it can't be done now: the client tries it again then, as often as it
     * does.
     */
    static boolean unanswered(Throwable thrown) {
        return switch (thrown) {
            case SdkServiceException e ->
                UNAVAILABLE.contains(e.statusCode()) || e.isThrottlingException() || e.isRetryableException();
            default ->
                find(IOException.class, thrown) != null
                        || find(ApiCallAttemptTimeoutException.class, thrown) != null
                        || withoutConnection(thrown);
        };
    }

    /** Whether the pool has given no connection in time. The SDK has no exception of its own for that. */
    static boolean withoutConnection(Throwable thrown) {
        return find(TimeoutException.class, thrown) != null;
    }

    /**
     * The failure of a call, to be thrown. One that the client has tried again is settled.
     *
     * @param path relative to the registry's base; empty for the bucket
     * @param took all its tries together
     * @return a {@link StorageException}; of reading or looking at an object, {@link NotThereException} if there is no
     *     such key
     */
    RuntimeException of(String verb, String path, Throwable thrown, Duration took) {
        String where = where(verb, path);
        return switch (thrown) {
            case SdkClientException e when e.getCause() instanceof NotAllowedException notAllowed -> notAllowed;
            case AwsServiceException e -> ofService(verb, where, e, took);
            case SdkClientException e
            when e.getMessage().contains("Unable to load credentials") ->
                StorageException.settled(
                        where
                                + ": no credentials: write accesskey and secretkey, or give them by the "
                                + "environment, a profile or a role",
                        e);
            default -> {
                String message = where + ": " + why(thrown);
                yield unanswered(thrown)
                        ? StorageException.settled(message + tries(thrown, took), thrown)
                        : new StorageException(message, thrown);
            }
        };
    }

    /** Whether the server has answered, and does not do it: it is forbidden, or the server doesn't know how. */
    static boolean refused(StorageException failure) {
        return failure instanceof ForbiddenException
                || failure instanceof UnsaidException
                || (failure.getCause() instanceof AwsServiceException e && !unanswered(e));
    }

    /** Whether the server does not know such a request, or does not allow it. */
    static boolean notOffered(StorageException failure) {
        return failure.getCause() instanceof AwsServiceException e && NOT_OFFERED.contains(e.statusCode());
    }

    /** The failure of reading an object whose beginning has come: the client does not try that again. */
    StorageException ofContent(String path, Throwable thrown) {
        return new StorageException(where("read", path) + ": " + why(thrown), thrown);
    }

    StorageException interrupted(String verb, String path, InterruptedException e) {
        return StorageException.settled(where(verb, path) + ": interrupted", e);
    }

    StorageException closed(String verb, String path, RuntimeException e) {
        return StorageException.settled(where(verb, path) + ": the storage is closed", e);
    }

    private String where(String verb, String path) {
        return "cannot " + verb + " s3://" + bucket + "/" + (path.isEmpty() ? "" : "…/" + path);
    }

    /** The SDK does not say how often it has looked at an object, where the server's answer to that is an error. */
    private static String tries(Throwable thrown, Duration took) {
        Integer tries = thrown instanceof SdkException e ? e.numAttempts() : null;
        return tries == null
                ? " (tried for %d s)".formatted(Math.max(1, took.toSeconds()))
                : ConnectionFailure.tried(tries, took);
    }

    /** Why there is no answer. A name that can't be looked up, or a server that isn't there, may be there later. */
    private String why(Throwable thrown) {
        Optional<String> connection = ConnectionFailure.inWords(thrown, server(), address());
        if (connection.isPresent()) {
            return connection.get() + alsoCheck(thrown);
        }
        if (withoutConnection(thrown)) {
            return "no connection to " + server() + " in time: check " + address();
        }
        if (find(ApiCallAttemptTimeoutException.class, thrown) != null) {
            return server() + " does not answer";
        }
        return find(ClosedChannelException.class, thrown) == null
                ? message(thrown)
                : server() + " closes the connection: if it always does, check " + address() + " and secure";
    }

    private String alsoCheck(Throwable thrown) {
        if (find(UnknownHostException.class, thrown) != null) {
            return pathStyle || endpoint == null ? "" : ", or set forcepathstyle";
        }
        boolean tls = find(SSLException.class, thrown) != null && find(CertificateException.class, thrown) == null;
        return tls ? " and secure" : "";
    }

    /** No error of S3's is in the answer: it may be of something before it. */
    private String inOtherWords(int status) {
        return status == NO_HTTP
                ? server() + " answers, and not by HTTP: check " + address() + " and secure"
                : server() + " answers " + status
                        + (status >= SERVER_ERROR ? "" : ", and not as S3 does: check " + address() + " and secure");
    }

    private String server() {
        return endpoint == null ? "Amazon's S3 in " + region : endpoint;
    }

    private String address() {
        return endpoint == null ? "region" : "regionendpoint";
    }

    private RuntimeException ofService(String verb, String where, AwsServiceException e, Duration took) {
        String code = e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? ""
                : e.awsErrorDetails().errorCode();
        return switch (code) {
            // No answer to a listing, or to a deletion: those find nothing, and say so otherwise.
            case "NoSuchKey", "NoSuchVersion" ->
                READS.contains(verb) ? new NotThereException(e) : other(where, code, e, took);
            case "NoSuchUpload" ->
                S3Multiparts.OF_ONE.contains(verb) ? new NotThereException(e) : other(where, code, e, took);
            case "NoSuchBucket" ->
                settled(where, "there is no such bucket" + (endpoint == null ? "" : " at " + endpoint), e);
            case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired" ->
                settled(where, "the credentials have expired: renew them, or use a role that renews them itself", e);
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "InvalidClientTokenId" ->
                settled(
                        where,
                        "the credentials are not accepted (" + code + "): check accesskey, secretkey and sessiontoken",
                        e);
            case "AccessDenied", "AllAccessDisabled", "AccountProblem" -> denied(verb, where, e);
            case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException" ->
                elsewhere(where, e);
            case "RequestTimeTooSkewed" -> settled(where, "this machine's clock is wrong", e);
            default ->
                switch (e.statusCode()) {
                    // Only where the answer has no body, and so no code.
                    case NOT_FOUND -> LOOKS.contains(verb) ? new NotThereException(e) : other(where, code, e, took);
                    // Whoever looks asks a listing, too, where this says that it is not there.
                    case NO_HTTP -> verb.equals(LOOK) ? new NotThereException(e) : other(where, code, e, took);
                    case FORBIDDEN -> denied(verb, where, e);
                    case BAD_REQUEST ->
                        LOOKS.contains(verb) && code.isEmpty()
                                ? settled(where, badRequest(), e)
                                : other(where, code, e, took);
                    case MOVED -> elsewhere(where, e);
                    default -> other(where, code, e, took);
                };
        };
    }

    /** The answer to a look has no body that could say why. */
    private String badRequest() {
        return server() + " answers 400 and no more, as it does if the credentials have expired: renew them, or check "
                + address() + " and secure";
    }

    private StorageException other(String where, String code, AwsServiceException e, Duration took) {
        String why = where + ": " + (code.isEmpty() ? inOtherWords(e.statusCode()) : message(e));
        return unanswered(e) ? StorageException.settled(why + tries(e, took), e) : new StorageException(why, e);
    }

    private RuntimeException denied(String verb, String where, AwsServiceException e) {
        String why = "access denied: " + grants.of(verb);
        // Ceph refuses a request as a whole, where Amazon refuses each key of it.
        return verb.startsWith("delete") ? new ForbiddenException(where + ": " + why) : settled(where, why, e);
    }

    private RuntimeException elsewhere(String where, AwsServiceException e) {
        String found = e.awsErrorDetails() == null || e.awsErrorDetails().sdkHttpResponse() == null
                ? null
                : e.awsErrorDetails()
                        .sdkHttpResponse()
                        .firstMatchingHeader("x-amz-bucket-region")
                        .orElse(null);
        return settled(
                where, "the bucket is not in the region " + region + (found == null ? "" : ", it is in " + found), e);
    }

    private static StorageException settled(String where, String why, Throwable cause) {
        return StorageException.settled(where + ": " + why, cause);
    }

    /** Why one of many keys was not deleted. */
    StorageException ofDeletion(S3Deletions.Target target, S3Error error) {
        return "AccessDenied".equals(error.code())
                ? new ForbiddenException(deletion(target) + "access denied: " + grants.of(target.verb()))
                : new StorageException(deletion(target) + error.code() + " " + error.message());
    }

    /** One of many keys, of which the answer says nothing. */
    StorageException ofDeletion(S3Deletions.Target target) {
        return new UnsaidException(deletion(target) + server() + " does not say that it did");
    }

    private static final class UnsaidException extends StorageException {

        private static final long serialVersionUID = 1;

        UnsaidException(String message) {
            super(message);
        }
    }

    private String deletion(S3Deletions.Target target) {
        return where(target.verb(), target.path()) + ": ";
    }
}
