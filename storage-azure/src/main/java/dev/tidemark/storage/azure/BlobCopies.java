package dev.tidemark.storage.azure;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.CopyStatusType;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.objects.CopyingBucket.Copied;
import dev.tidemark.storage.objects.CopyingBucket.Version;
import dev.tidemark.storage.objects.RequestTries;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Copies blobs within a container, by requests to its server: their content does not leave it, and a blob keeps its
 * type. The server says when a copy is whole: at once most of the time, or else later.
 */
final class BlobCopies {

    /**
     * How a copy is waited for that is not whole at once.
     *
     * @param between two looks at it
     * @param standstill how long a copy may take in which no byte is added
     */
    record Waiting(Duration between, Duration standstill) {}

    static final Waiting WAITING = new Waiting(Duration.ofMillis(500), Duration.ofMinutes(10));

    private final Container container;
    private final BlobDeletions deletions;
    private final Waiting waiting;

    private enum Said {
        DONE,
        GOES_ON,
        NO_SOURCE,
        NOT_AS_ASKED,
        ANOTHER_GOES_ON
    }

    BlobCopies(Container container, BlobDeletions deletions, Waiting waiting) {
        this.container = container;
        this.deletions = deletions;
        this.waiting = waiting;
    }

    Copied copy(String path, Version from, String to, boolean replace, BooleanSupplier allowed) {
        var request = new CopyRequest(from, to, replace);
        var tries = new RequestTries(allowed);
        return switch (container.answer("copy", path, client -> said(request, client, tries))) {
            case DONE -> Copied.DONE;
            case GOES_ON -> awaited(path, request, allowed);
            case NO_SOURCE -> gone(path, from);
            case NOT_AS_ASKED, ANOTHER_GOES_ON -> unlessMadeBefore(path, request, tries);
        };
    }

    private static Said said(CopyRequest request, BlobContainerClient client, RequestTries tries) {
        try {
            // One that has failed by now is looked at like one that goes on.
            return request.send(client, tries).equals(CopyStatusType.SUCCESS) ? Said.DONE : Said.GOES_ON;
        } catch (BlobStorageException e) {
            return switch (AzureFailures.code(e)) {
                case "BlobNotFound", "ResourceNotFound", "CannotVerifyCopySource" -> Said.NO_SOURCE;
                case "ConditionNotMet", "SourceConditionNotMet", "TargetConditionNotMet", "BlobAlreadyExists" ->
                    Said.NOT_AS_ASKED;
                case "PendingCopyOperation" -> Said.ANOTHER_GOES_ON;
                default -> throw e;
            };
        }
    }

    private Copied gone(String path, Version from) {
        if (container.properties(path, from.key()).isPresent()) {
            throw container.failures().ofCopy(path, "it is there, and not found");
        }
        return Copied.GONE;
    }

    /** What is there may be this copy: of an earlier try, whose answer was lost. */
    private Copied unlessMadeBefore(String path, CopyRequest request, RequestTries tries) {
        Optional<BlobProperties> there = container.properties(path, request.to());
        // A restoration may also find the copy of one that was killed: it is the registry's file once it is whole.
        boolean begun =
                there.isPresent() && !CopyStatusType.SUCCESS.equals(there.get().getCopyStatus());
        if (there.isPresent() && (tries.several() || (begun && !request.replace())) && isOf(request, there.get())) {
            return awaited(path, request, tries);
        }
        if (there.isPresent() && !request.replace()) {
            return Copied.IN_PLACE;
        }
        if (there.isPresent() && CopyStatusType.PENDING.equals(there.get().getCopyStatus())) {
            // Of a process that was killed: it ends by itself, and is replaced then.
            throw container.failures().ofCopy(path, "an earlier copy of it goes on");
        }
        throw container.failures().written("copy", path);
    }

    /** A blob that is written anew is the copy of nothing, and one that is appended to has another size. */
    private boolean isOf(CopyRequest request, BlobProperties blob) {
        boolean whole = blob.getBlobSize() == request.from().stat().size();
        return container.url(request.from().key()).equals(blob.getCopySource())
                && (whole || !CopyStatusType.SUCCESS.equals(blob.getCopyStatus()));
    }

    private Copied awaited(String path, CopyRequest request, BooleanSupplier allowed) {
        String progress = null;
        long since = System.nanoTime();
        while (true) {
            BlobProperties copy = container
                    .properties(path, request.to())
                    .filter(blob -> isOf(request, blob))
                    .orElseThrow(() -> container.failures().ofCopy(path, "the copy is not there any more"));
            if (!CopyStatusType.PENDING.equals(copy.getCopyStatus())) {
                return ended(path, request, copy);
            }
            if (!Objects.equals(progress, copy.getCopyProgress())) {
                progress = copy.getCopyProgress();
                since = System.nanoTime();
            } else if (System.nanoTime() - since > waiting.standstill().toNanos()) {
                throw container.failures().ofCopy(path, "it stands still, with " + progress + " bytes done");
            }
            if (!allowed.getAsBoolean()) {
                throw new NotAllowedException();
            }
            container.pause("copy", path, waiting.between());
        }
    }

    /** Of a copy that has failed something is left, which is no file of a registry. */
    private Copied ended(String path, CopyRequest request, BlobProperties copy) {
        if (CopyStatusType.SUCCESS.equals(copy.getCopyStatus())) {
            return Copied.DONE;
        }
        String etag = BlobStat.etag(path, copy.getETag());
        StorageException failure = container
                .failures()
                .ofCopy(
                        path,
                        "the server has ended it (" + copy.getCopyStatus() + ", " + copy.getCopyStatusDescription()
                                + ")");
        deletions
                .delete(List.of(new BlobDeletions.Target(path, request.to(), etag)), () -> true)
                .values()
                .forEach(failure::addSuppressed);
        throw failure;
    }
}
