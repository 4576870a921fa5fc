package dev.tidemark.storage.azure;

import static dev.tidemark.storage.objects.ConnectionFailure.find;
import static dev.tidemark.storage.objects.ConnectionFailure.message;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.storage.blob.models.BlobStorageException;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.azure.AzureAnswers.NotAzures;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.objects.ConnectionFailure;
import dev.tidemark.storage.objects.NotThereException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Says a failure of Azure in words: which call, on which path, and the right to grant or the fault to mend. */
final class AzureFailures {

    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;

    /** The statuses at which the client tries again, whatever else the answer says. */
    private static final Set<Integer> UNAVAILABLE = Set.of(429, 500, 503);

    private static final Set<String> READS = Set.of("read", "look at");

    private final String account;
    private final String container;
    private final String server;

    AzureFailures(StorageSettings.Azure settings) {
        account = settings.account();
        container = settings.container();
        server = settings.serviceUrl();
    }

    /** Whether nobody has answered, or only that it can't be done now: the client tries it again then. */
    static boolean unanswered(Throwable thrown) {
        if (find(NotAzures.class, thrown) instanceof NotAzures e) {
            return UNAVAILABLE.contains(e.status());
        }
        return (thrown instanceof HttpResponseException e && e.getResponse() != null)
                ? UNAVAILABLE.contains(e.getResponse().getStatusCode())
                : find(IOException.class, thrown) != null || find(TimeoutException.class, thrown) != null;
    }

    /**
     * The failure of a call, to be thrown. One that the client has tried again is settled.
     *
     * @param path relative to the registry's base; empty for the container
     * @param tries that the client makes of a request which nobody answers
     * @param took all its tries together
     * @return a {@link StorageException}; of reading or looking at a blob, {@link NotThereException} if there is none
     */
    RuntimeException of(String verb, String path, Throwable thrown, int tries, Duration took) {
        String where = where(verb, path);
        String tried = unanswered(thrown) ? ConnectionFailure.tried(tries, took) : "";
        if (find(NotAllowedException.class, thrown) instanceof NotAllowedException notAllowed) {
            return notAllowed;
        }
        if (thrown instanceof BlobStorageException e) {
            return READS.contains(verb) && notThere(e) ? new NotThereException(e) : ofService(verb, where, e, tried);
        }
        if (find(ClientAuthenticationException.class, thrown) instanceof ClientAuthenticationException e) {
            return StorageException.settled(
                    where + ": no token for the account: " + message(e) + ": check credentials", e);
        }
        String why = where + ": " + why(thrown) + tried;
        return tried.isEmpty() ? new StorageException(why, thrown) : StorageException.settled(why, thrown);
    }

    /** Why one of many blobs was not deleted. */
    StorageException ofDeletion(String path, BlobStorageException e) {
        return code(e).equals("ConditionNotMet")
                ? written("delete", path)
                : ofService("delete", where("delete", path), e, "");
    }

    /** What was looked at is there no more. */
    WrittenAgainException written(String verb, String path) {
        return new WrittenAgainException(
                where(verb, path) + ": it was written again since it was looked at, and stays");
    }

    /** A blob that was deleted while it was read. */
    StorageException ofContent(String path, Throwable thrown) {
        return new StorageException(where("read", path) + ": its content ends early", thrown);
    }

    /** A copy of which nothing can be said: the next one may be whole. */
    StorageException ofCopy(String path, String why) {
        return new StorageException(where("copy", path) + ": " + why);
    }

    /** One of many blobs, of which the answer says nothing. */
    StorageException ofDeletion(String path) {
        return new StorageException(where("delete", path) + ": " + server + " does not say that it did");
    }

    StorageException interrupted(String verb, String path, InterruptedException e) {
        return StorageException.settled(where(verb, path) + ": interrupted", e);
    }

    StorageException closed(String verb, String path, RuntimeException e) {
        return StorageException.settled(where(verb, path) + ": the storage is closed", e);
    }

    /** Whether it is the blob that is not there, and not its container, or something else before the server. */
    static boolean notThere(BlobStorageException e) {
        String code = code(e);
        return e.getStatusCode() == NOT_FOUND && (code.equals("BlobNotFound") || code.equals("ResourceNotFound"));
    }

    private String where(String verb, String path) {
        return "cannot " + verb + " azure://" + account + "/" + container + "/" + (path.isEmpty() ? "" : "…/" + path);
    }

    private String why(Throwable thrown) {
        if (find(NotAzures.class, thrown) instanceof NotAzures e) {
            return server + " answers " + e.status()
                    + (e.status() >= SERVER_ERROR ? "" : ", and not as Azure does: check serviceurl");
        }
        return ConnectionFailure.inWords(thrown, server, "accountname, realm and serviceurl")
                .orElseGet(() -> find(TimeoutException.class, thrown) != null
                                || find(java.net.http.HttpTimeoutException.class, thrown) != null
                        ? server + " does not answer"
                        : message(thrown));
    }

    private StorageException ofService(String verb, String where, BlobStorageException e, String tried) {
        String code = code(e);
        return switch (code) {
            case "ContainerNotFound", "ContainerBeingDeleted", "ContainerDisabled" ->
                StorageException.settled(where + ": there is no such container at " + server, e);
            case "AuthenticationFailed", "InvalidAuthenticationInfo", "NoAuthenticationInformation" ->
                StorageException.settled(
                        where + ": the credentials are not accepted, or have expired (" + code
                                + "): check accountname, accountkey and credentials, and this machine's clock",
                        e);
            case "AuthorizationFailure", "AuthorizationPermissionMismatch", "InsufficientAccountPermissions" ->
                denied(verb, where + ": access denied (" + code + "): " + grant(verb), e);
            case "LeaseIdMissing", "LeaseIdMismatchWithBlobOperation" ->
                denied(verb, where + ": somebody has a lease on it (" + code + "): it stays until that is released", e);
            case "BlobImmutableDueToPolicy" ->
                denied(verb, where + ": an immutability policy or a legal hold keeps it (" + code + ")", e);
            case "SnapshotsPresent" -> denied(verb, where + ": it has snapshots (" + code + "): delete those first", e);
            default -> {
                String why = where + ": " + code + " (status " + e.getStatusCode() + ")";
                yield tried.isEmpty() ? new StorageException(why, e) : StorageException.settled(why + tried, e);
            }
        };
    }

    /** Of a deletion it may be for one blob only: others go on. */
    private static StorageException denied(String verb, String why, BlobStorageException e) {
        return verb.equals("delete") ? new ForbiddenException(why) : StorageException.settled(why, e);
    }

    private String grant(String verb) {
        String role = READS.contains(verb) || verb.equals("list")
                ? "Storage Blob Data Reader"
                : "Storage Blob Data Contributor";
        return "grant " + role + " on the container " + container
                + ", and let this machine through the account's firewall";
    }

    /** Azure's name for it; empty if it has none. */
    static String code(BlobStorageException e) {
        return e.getErrorCode() == null ? "" : e.getErrorCode().toString();
    }
}
