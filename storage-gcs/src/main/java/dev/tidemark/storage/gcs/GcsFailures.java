package dev.tidemark.storage.gcs;

import com.google.auth.Retryable;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.objects.ConnectionFailure;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Says a failure of GCS in words: which call, on which path, and the right to grant or the fault to mend. */
final class GcsFailures {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int SERVER_ERROR = 500;

    private final String bucket;
    private final String server;

    /** @param server its address, for messages */
    GcsFailures(String bucket, String server) {
        this.bucket = bucket;
        this.server = server;
    }

    /** An answer that is none to the request. */
    StorageException of(GcsRequest request, GcsAnswer answer) {
        return StorageException.settled(where(request) + why(request.verb(), answer), null);
    }

    /** The same of one in a batch. One that can't be done now may be later. */
    StorageException ofOne(String verb, String path, GcsAnswer answer) {
        if (answer.unavailable()) {
            return new StorageException(where(verb, path) + server + " answers " + answer.status());
        }
        String message = where(verb, path) + why(verb, answer);
        return answer.status() == FORBIDDEN && answer.isGcsError()
                ? new ForbiddenException(message)
                : StorageException.settled(message, null);
    }

    /** One of a batch, of which the answer says nothing. */
    StorageException unsaid(String verb, String path) {
        return new StorageException(where(verb, path) + server + " does not say that it did");
    }

    /** An answer of which nothing can be made: the next one may be whole. */
    StorageException noAnswer(GcsRequest request, String why) {
        return new StorageException(where(request) + why);
    }

    /** What was looked at is there no more. */
    WrittenAgainException written(String verb, String path) {
        return new WrittenAgainException(where(verb, path) + "it was written again since it was looked at, and stays");
    }

    /** All tries were in vain. */
    StorageException inVain(GcsRequest request, GcsAnswer last, int tries, Duration took) {
        return StorageException.settled(
                where(request) + why(request.verb(), last) + ConnectionFailure.tried(tries, took), null);
    }

    StorageException inVain(GcsRequest request, Exception last, int tries, Duration took) {
        return StorageException.settled(where(request) + why(last) + ConnectionFailure.tried(tries, took), last);
    }

    /** There is no token to be had, and none later. */
    StorageException noCredentials(GcsRequest request, IOException e) {
        return StorageException.settled(
                where(request) + "no access token (" + ConnectionFailure.message(e)
                        + "): check keyfile or credentials, or the default credentials (GOOGLE_APPLICATION_CREDENTIALS,"
                        + " workload identity)",
                e);
    }

    StorageException interrupted(GcsRequest request, InterruptedException e) {
        return StorageException.settled(where(request) + "interrupted", e);
    }

    StorageException closed(GcsRequest request) {
        return StorageException.settled(where(request) + "the storage is closed", null);
    }

    /** Whether it is of no use to ask for a token again. */
    static boolean refused(IOException ofCredentials) {
        Throwable cause = ofCredentials;
        while (cause != null && !(cause instanceof Retryable)) {
            cause = cause.getCause();
        }
        return cause instanceof Retryable said && !said.isRetryable();
    }

    private String where(GcsRequest request) {
        return where(request.verb(), request.path());
    }

    private String where(String verb, String path) {
        return "cannot " + verb + " gs://" + bucket + "/" + (path.isEmpty() ? "" : "…/" + path) + ": ";
    }

    private String why(String verb, GcsAnswer answer) {
        if (!answer.isGcsError()) {
            return server + " answers " + answer.status()
                    + (answer.status() >= SERVER_ERROR ? "" : ", and not as GCS does: check what is before it");
        }
        return switch (answer.status()) {
            case UNAUTHORIZED ->
                "the credentials are not accepted, or have expired (" + answer.message()
                        + "): check keyfile, credentials or the default credentials";
            case FORBIDDEN -> "access denied: " + grant(verb) + " (" + answer.message() + ")";
            case GcsAnswer.NOT_FOUND -> "there is no such bucket (" + answer.message() + ")";
            default -> server + " answers " + answer.status() + " (" + answer.message() + ")";
        };
    }

    private String grant(String verb) {
        String right = switch (verb) {
            case "list" -> "storage.objects.list";
            case "delete" -> "storage.objects.delete";
            case "write" -> "storage.objects.create (and storage.objects.delete, to write anew)";
            case "copy" -> "storage.objects.get, storage.objects.create and storage.objects.delete";
            default -> "storage.objects.get";
        };
        return "grant " + right + " on the bucket " + bucket;
    }

    /** Why there is no answer. A name that can't be looked up, or a server that isn't there, may be there later. */
    private String why(Exception thrown) {
        if (has(UnknownHostException.class, thrown) || has(UnresolvedAddressException.class, thrown)) {
            return "the host of " + server + " is not known";
        }
        if (ConnectionFailure.find(SSLException.class, thrown) instanceof SSLException e) {
            return "no TLS with " + server + " (" + ConnectionFailure.message(e) + ")";
        }
        if (has(ConnectException.class, thrown)) {
            return "nobody answers at " + server;
        }
        if (has(TimeoutException.class, thrown)) {
            return server + " does not answer";
        }
        return has(ClosedChannelException.class, thrown) || has(EOFException.class, thrown)
                ? server + " closes the connection"
                : ConnectionFailure.message(thrown);
    }

    private static boolean has(Class<? extends Throwable> type, Throwable thrown) {
        return ConnectionFailure.find(type, thrown) != null;
    }
}
