package dev.tidemark.storage.s3;

import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.objects.TrashKeys;
import dev.tidemark.storage.s3.S3Deletions.Target;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** Whether a bucket keeps what is deleted as old versions, and whether this process has the rights to them. */
final class BucketVersioning {

    private static final Logger LOG = LoggerFactory.getLogger(BucketVersioning.class);

    private final Requests requests;
    private final String bucket;
    private final TrashObjects objects;
    private final KeyHistories histories;
    private final BucketCopies copies;
    private final S3Deletions deletions;
    private final TrashKeys keys;

    /** @param deletions deletes objects by their keys */
    BucketVersioning(
            Requests requests,
            String bucket,
            TrashObjects objects,
            KeyHistories histories,
            BucketCopies copies,
            S3Deletions deletions,
            TrashKeys keys) {
        this.requests = requests;
        this.bucket = bucket;
        this.objects = objects;
        this.histories = histories;
        this.copies = copies;
        this.deletions = deletions;
        this.keys = keys;
    }

    /**
     * Whether a deletion leaves an old version now. Where versioning is suspended it destroys what was written since.
     * Where nobody may ask, it is as if there were none.
     */
    boolean enabled() {
        try {
            return requests.answer(
                                    "look at the versioning of",
                                    "",
                                    client -> client.getBucketVersioning(request -> request.bucket(bucket)))
                            .status()
                    == BucketVersioningStatus.ENABLED;
        } catch (StorageException e) {
            if (S3Failures.refused(e)) {
                LOG.debug("whether the bucket has versioning is not known", e);
                return false;
            }
            throw e;
        }
    }

    /**
     * The reason why this process can't use old versions as a trash; empty if it can. It is tried with an object of its
     * own.
     */
    Optional<String> missing() {
        String probe = keys.top() + "rights-" + UUID.randomUUID();
        boolean written = false;
        try {
            Optional<String> version = objects.write(probe, new byte[0], () -> true);
            written = true;
            boolean listed = version.isPresent()
                    && histories.of(TrashKeys.PLACE, probe).versions().stream()
                            .anyMatch(found -> found.id().equals(version.get()));
            if (listed) {
                requireRights(probe, version.get());
                return Optional.empty();
            }
            hide(probe);
            return Optional.of("the server does not say which versions it has");
        } catch (StorageException e) {
            if (!S3Failures.refused(e)) {
                throw e;
            }
            if (written) {
                hide(probe);
            }
            return Optional.of(e.getMessage());
        }
    }

    private void requireRights(String probe, String version) {
        copies.look(TrashKeys.PLACE, probe, version);
        deletions.delete(List.of(new Target(probe, version)), () -> true).requireAll();
    }

    private void hide(String probe) {
        deletions
                .deleteAll(List.of(probe), () -> true)
                .values()
                .forEach(failure -> LOG.warn("an object stays in the bucket: {}", failure.getMessage()));
    }
}
