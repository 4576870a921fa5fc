package dev.tidemark.sweeper.delete;

import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.Upload;
import dev.tidemark.sweeper.order.Batch.Look;
import dev.tidemark.sweeper.order.WhyKept;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks whether somebody went on with an upload while it was deleted. A registry that has read when the upload was
 * begun goes on with it, though that file is gone a moment later. Then all of the upload comes back.
 */
final class ResumedUploads {

    /** Of uploads that no try has begun with. */
    private static final Set<String> NEVER_TAKEN = Set.of(WhyKept.NOT_APPROVED, WhyKept.INVALID);

    private final Storage storage;
    private final RunId run;
    private final Options options;

    ResumedUploads(Storage storage, RunId run, Options options) {
        this.storage = storage;
        this.run = run;
        this.options = options;
    }

    /**
     * Looks at an upload whose start is deleted for good, before the rest of it goes.
     *
     * @return the failure, if somebody has gone on with it
     */
    Optional<Look.Failure> cutOff(Eligible eligible) {
        try {
            return goneOn(eligible) ? Optional.of(failure(WhyKept.CUT_OFF)) : Optional.empty();
        } catch (StorageException e) {
            return Optional.of(LastCheck.failure(e));
        }
    }

    /**
     * Looks at an upload that was to be taken into the trash, and brings back what was, unless all of it was and nobody
     * has gone on with it.
     *
     * @param look what was decided on it, or how that ended
     * @return how it ends instead, if anything was brought back
     */
    Optional<Look.Failure> broughtBack(Trash trash, Eligible eligible, Look look) {
        if (look instanceof Look.Spare(String why) && NEVER_TAKEN.contains(why)) {
            return Optional.empty();
        }
        try {
            boolean left = look instanceof Look.Delete && !goneOn(eligible);
            if (left && trash.way() != Trash.Way.MOVE) {
                // What was written again is not taken there. To list such a trash for each upload takes long.
                return Optional.empty();
            }
            List<Trashed> taken = new ArrayList<>();
            trash.files(run, Layout.upload(eligible.repository(), Layout.uploadId(eligible.path())), taken::add);
            return taken.isEmpty() || (left && taken.stream().allMatch(file -> options.abandoned(file.modified())))
                    ? Optional.empty()
                    : Optional.of(restored(trash, eligible, taken));
        } catch (StorageException e) {
            return Optional.of(LastCheck.failure(e));
        }
    }

    private boolean goneOn(Eligible eligible) {
        String id = Layout.uploadId(eligible.path());
        Upload upload = Upload.read(
                storage,
                storage.listed(Layout.upload(eligible.repository(), id)),
                eligible.repository(),
                id,
                options::abandoned);
        return upload.unreadable() != null || (!upload.isEmpty() && !options.abandoned(upload.modified()));
    }

    /** Its start comes last, and only if the rest is as it was: without it the client begins anew. */
    private Look.Failure restored(Trash trash, Eligible eligible, List<Trashed> taken) {
        String start = Layout.uploadStart(eligible.repository(), Layout.uploadId(eligible.path()));
        boolean whole = taken.stream()
                .map(Trashed::path)
                .filter(path -> !path.equals(start))
                .map(path -> trash.restore(run, path))
                .reduce(true, (all, how) -> all && how == Restored.BACK, Boolean::logicalAnd);
        if (whole) {
            trash.restore(run, start);
        }
        return failure(whole ? WhyKept.RESUMED : WhyKept.CUT_OFF);
    }

    private static Look.Failure failure(String why) {
        return new Look.Failure(why, why);
    }
}
