package dev.tidemark.marker.rules;

import dev.tidemark.marker.rows.LeftoverRow;
import dev.tidemark.marker.rows.Reason;
import dev.tidemark.marker.rows.Row;
import dev.tidemark.marker.rows.RowCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Leftover;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.MarksRecord.Marks;
import java.util.List;
import java.util.Set;

/**
 * The rules of what is live, applied to one manifest, blob, layer link or mark at a time: its rows are changed, and
 * the references and the referrers of a manifest that becomes live are marked. A digest only ever becomes live, so the
 * outcome does not depend on the order.
 */
final class Marking {

    private final TaskProgress progress;
    private final RowCache rows;
    private final MarkPacks packs;

    Marking(TaskProgress progress, RowCache rows, MarkPacks packs) {
        this.progress = progress;
        this.rows = rows;
        this.packs = packs;
    }

    void manifest(String repository, Manifest manifest) {
        Row.OfManifest known = rows.manifest(manifest.digest(), repository);
        Row.OfManifest row = Row.OfManifest.of(progress.run, manifest);
        List<Digest> told = List.of();
        if (known != null && known.run() == progress.run) {
            row = known.plus(row);
            told = known.subjects();
        } else {
            progress.received[Input.MANIFESTS.ordinal()]++;
            row = known == null ? row : row.after(known, known.run() == progress.lastDecided);
        }
        progress.tagsGo |= !row.going().isEmpty();
        boolean news = !row.equals(known);
        if (news) {
            rows.put(manifest.digest(), repository, row);
        }
        for (Digest subject : row.subjects()) {
            if (!told.contains(subject)) {
                progress.sent++;
                packs.refer(manifest.digest(), repository, subject);
            }
        }
        Row.OfDigest digest = digest(manifest.digest());
        boolean heldElsewhere = digest.held();
        boolean wasLive = digest.live();
        Row.OfDigest next = digest.heldAsManifest().with(Roots.of(manifest, progress.options));
        update(manifest.digest(), digest, next);
        if (!wasLive && next.live() && heldElsewhere) {
            markReferencesOf(manifest.digest());
        } else if (next.live() && (!wasLive || news)) {
            markReferences(manifest.digest(), repository, row);
        }
    }

    void blob(Blob blob) {
        Row.OfDigest row = digest(blob.digest());
        if (!row.present()) {
            progress.received[Input.BLOBS.ordinal()]++;
        }
        Row.OfDigest stored = row.stored(blob.size(), Math.max(row.modified(), blob.modified()));
        updateAndMark(blob.digest(), row, stored.with(Roots.of(blob, progress.options)));
    }

    void layer(String repository, Layer layer) {
        Row.OfLink known = link(layer.digest(), repository);
        if (!known.present()) {
            progress.received[Input.LAYERS.ordinal()]++;
        }
        Set<Reason> reasons = Roots.of(layer, progress.options);
        var row = new Row.OfLink(
                progress.run,
                true,
                known.live() || !reasons.isEmpty(),
                Math.max(known.modified(), layer.modified()),
                layer.target() != null ? layer.target() : known.target(),
                null);
        rows.put(layer.digest(), repository, row);
        if (!reasons.isEmpty()) {
            Row.OfDigest digest = digest(layer.digest());
            updateAndMark(layer.digest(), digest, digest.with(reasons));
        }
        if (row.live()) {
            markTarget(layer.digest(), repository, known, row);
        }
    }

    /** No mark changes it: it is old enough, or not. */
    void leftover(String repository, Leftover leftover) {
        LeftoverRow known = rows.leftover(leftover.digest());
        LeftoverRow row = LeftoverRow.of(progress.run, repository, leftover, progress.options);
        if (known != null && known.run() == progress.run) {
            row = known.plus(row, progress.options);
        } else {
            progress.received[Input.LAYERS.ordinal()]++;
            row = known != null && known.run() == progress.lastDecided ? row.after(known) : row;
        }
        rows.put(leftover.digest(), row);
    }

    void marks(Marks.Entry entry) {
        if (entry.subject() != null) {
            referrer(entry.subject(), entry.repository(), entry.parent());
        }
        Digest needing = entry.needsLinks() ? entry.parent() : null;
        int place = 0;
        for (Digest digest : entry.digests()) {
            long said = entry.sizes().at(place++);
            mark(new Row.Reference(digest, false, said), entry.parent(), entry.repository(), needing);
        }
        entry.optionalDigests()
                .forEach(digest -> mark(Row.Reference.optional(digest), entry.parent(), entry.repository(), null));
    }

    /** Rule 4: a live manifest keeps the manifests of a repository that refer to it, if the repository holds it. */
    private void referrer(Digest subject, String repository, Digest referrer) {
        Row.OfReferrers known = referrers(subject, repository);
        if (known.digests().contains(referrer)) {
            return;
        }
        rows.put(subject, repository, known.plus(referrer));
        Row.OfManifest held = rows.manifest(subject, repository);
        if (held != null && held.run() == progress.run && digest(subject).live()) {
            markReferrer(subject, repository, referrer);
        }
    }

    /** @param needing the manifest that needs the link, or null if none does */
    private void mark(Row.Reference reference, Digest parent, String repository, Digest needing) {
        Digest digest = reference.digest();
        Row.OfDigest row = digest(digest);
        updateAndMark(digest, row, row.referencedBy(parent, repository, reference.optional(), reference.said()));
        Row.OfLink known = link(digest, repository);
        boolean news = needing != null && !known.present() && known.parent() == null;
        if (!known.live() || news) {
            var link = new Row.OfLink(
                    progress.run,
                    known.present(),
                    true,
                    known.modified(),
                    known.target(),
                    news ? needing : known.parent());
            rows.put(digest, repository, link);
            markTarget(digest, repository, known, link);
        }
    }

    /** A live link whose content names another digest keeps that one: it is what the registry serves. */
    private void markTarget(Digest digest, String repository, Row.OfLink known, Row.OfLink row) {
        if (row.target() != null && (!known.live() || !row.target().equals(known.target()))) {
            send(Row.Reference.optional(row.target()), digest, repository, false);
        }
    }

    /** Rules 2 and 4: the digest has just become live; if it is held as a manifest, so is what it leads to. */
    private void updateAndMark(Digest digest, Row.OfDigest before, Row.OfDigest after) {
        update(digest, before, after);
        if (!before.live() && after.live() && after.held()) {
            markReferencesOf(digest);
        }
    }

    private void markReferencesOf(Digest digest) {
        rows.eachManifest(digest, (repository, row) -> {
            if (row.run() == progress.run) {
                markReferences(digest, repository, row);
            }
        });
    }

    private void markReferences(Digest parent, String repository, Row.OfManifest manifest) {
        for (Row.Reference reference : manifest.references()) {
            send(reference, parent, repository, manifest.index());
        }
        for (Digest referrer : referrers(parent, repository).digests()) {
            markReferrer(parent, repository, referrer);
        }
    }

    /** An image is no less whole without what refers to it. */
    private void markReferrer(Digest subject, String repository, Digest referrer) {
        send(Row.Reference.optional(referrer), subject, repository, false);
    }

    private void send(Row.Reference reference, Digest parent, String repository, boolean index) {
        progress.sent++;
        packs.add(parent, repository, index, reference);
    }

    private Row.OfDigest digest(Digest digest) {
        Row.OfDigest row = rows.digest(digest);
        if (row == null) {
            return Row.OfDigest.unknown(progress.run);
        }
        return row.run() == progress.run ? row : row.carriedTo(progress.run, row.run() == progress.lastDecided);
    }

    private Row.OfLink link(Digest digest, String repository) {
        Row.OfLink row = rows.link(digest, repository);
        return row != null && row.run() == progress.run
                ? row
                : new Row.OfLink(progress.run, false, false, 0, null, null);
    }

    private Row.OfReferrers referrers(Digest subject, String repository) {
        Row.OfReferrers row = rows.referrers(subject, repository);
        return row != null && row.run() == progress.run ? row : new Row.OfReferrers(progress.run, List.of());
    }

    private void update(Digest digest, Row.OfDigest before, Row.OfDigest after) {
        if (!after.equals(before)) {
            rows.put(digest, after);
        }
    }
}
