package dev.tidemark.sweeper.delete;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.ReferrersTag;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Multiparts;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.layout.EntryDirectory;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.storage.layout.ManifestLink;
import dev.tidemark.storage.layout.Upload;
import dev.tidemark.storage.objects.PartedObject;
import dev.tidemark.storage.objects.PartedUpload;
import dev.tidemark.sweeper.look.Rescued;
import dev.tidemark.sweeper.look.SharedLook;
import dev.tidemark.sweeper.order.Batch.Candidate;
import dev.tidemark.sweeper.order.Batch.Look;
import dev.tidemark.sweeper.order.WhyKept;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Looks at a record's files right before they are deleted, and spares what may no longer go. Every path is built here,
 * from a parsed digest and a valid repository name.
 */
final class LastCheck {

    private final Storage storage;
    private final RunId approves;
    private final Options options;
    private final Rescued rescued;
    private final TagHistory history;
    private final DanglingCheck dangling;

    /**
     * @param rescued what the {@link SharedLook} found
     */
    LastCheck(Storage storage, Requested request, Rescued rescued) {
        this.storage = storage;
        approves = request.approves();
        options = request.options();
        this.rescued = rescued;
        history = new TagHistory(options);
        dangling = new DanglingCheck(storage, options, history, rescued);
    }

    Look look(Candidate candidate) {
        Eligible eligible = candidate.eligible();
        try {
            if (!approved(eligible)) {
                return new Look.Spare(WhyKept.NOT_APPROVED);
            }
            if (eligible.kind().leftover() && rescued.holds(eligible.repository(), eligible.digest())) {
                return new Look.Spare(WhyKept.RESCUED);
            }
            return switch (eligible.kind()) {
                case TAG -> tag(eligible);
                case MANIFEST -> manifest(eligible);
                case LAYER -> layer(eligible);
                case BLOB -> candidate.stillNamed() ? new Look.Spare(WhyKept.STILL_NAMED) : blob(eligible);
                case UPLOAD -> upload(eligible);
                case LINK ->
                    ManifestLink.of(eligible.path())
                            .filter(link -> Layout.validRepository(eligible.repository()))
                            .map(link -> dangling.look(eligible.repository(), link))
                            .orElse(new Look.Spare(WhyKept.INVALID));
                case MULTIPART -> multipart(eligible);
                case DIRECTORY ->
                    EntryDirectory.of(eligible.repository(), eligible.path())
                            .map(path -> empty(path, List.of(), candidate.begun()))
                            .orElse(new Look.Spare(WhyKept.INVALID));
                case REPOSITORY ->
                    Layout.validRepository(eligible.repository())
                            ? empty(Layout.repository(eligible.repository()), Layout.OWN, candidate.begun())
                            : new Look.Spare(WhyKept.INVALID);
            };
        } catch (StorageException e) {
            return failure(e);
        }
    }

    /** A failure of the storage, as it is recorded. */
    static Look.Failure failure(StorageException failure) {
        String why = switch (failure) {
            case ForbiddenException forbidden -> WhyKept.FORBIDDEN;
            case NoTrashException noTrash -> WhyKept.NO_TRASH;
            case WrittenAgainException again -> WhyKept.YOUNG;
            default -> WhyKept.NO_ANSWER;
        };
        return new Look.Failure(why, failure.getMessage());
    }

    /**
     * Whether the dry run that this run approves, if it does, found the record eligible too: it has not been live
     * since.
     */
    private boolean approved(Eligible eligible) {
        return approves == null
                || (eligible.unreferencedSince() != null
                        && eligible.unreferencedSince().compareTo(approves) <= 0);
    }

    /** A tag that has moved, or was pushed again, stays. */
    private Look tag(Eligible eligible) {
        String repository = eligible.repository();
        if (!Layout.validRepository(repository) || !Layout.validTag(eligible.tag())) {
            return new Look.Spare(WhyKept.INVALID);
        }
        String current = Layout.currentLink(repository, eligible.tag());
        Listing listed = storage.listed(Layout.tag(repository, eligible.tag()));
        Optional<String> reason = reasonToSpare(eligible, listed.stat(current)).or(() -> subject(eligible));
        if (reason.isPresent()) {
            return new Look.Spare(reason.get());
        }
        Optional<List<String>> entries = history.of(repository, eligible.tag(), listed);
        if (entries.isEmpty()) {
            return new Look.Spare(WhyKept.YOUNG);
        }
        return switch (LinkFile.at(storage, current)) {
            case LinkFile.Unreadable unreadable -> new Look.Failure(WhyKept.TAG_UNREADABLE, unreadable.why());
            case LinkFile.Names other when !other.digest().equals(eligible.digest()) -> new Look.Spare(WhyKept.MOVED);
            case LinkFile.Names names -> new Look.Delete(true, entries.get(), current);
            case LinkFile.Absent absent -> new Look.Delete(false, entries.get(), current);
        };
    }

    /** Why a tag of referrers stays: it was let go since its subject was gone. */
    private Optional<String> subject(Eligible eligible) {
        return ReferrersTag.subject(eligible.tag())
                .filter(subject -> rescued.has(subject)
                        || storage.stat(Layout.revisionLink(eligible.repository(), subject))
                                .isPresent()
                        || storage.stat(Layout.blobData(subject)).isPresent())
                .map(subject -> WhyKept.SUBJECT);
    }

    private Look manifest(Eligible eligible) {
        String repository = eligible.repository();
        Digest digest = eligible.digest();
        if (!Layout.validRepository(repository) || !eligible.history().stream().allMatch(Layout::validTag)) {
            return new Look.Spare(WhyKept.INVALID);
        }
        String revision = Layout.revision(repository, digest);
        Listing listed = storage.listed(revision);
        Optional<Storage.Stat> link = listed.stat(link(revision));
        Optional<String> reason = reasonToSpare(eligible, link).or(() -> taggedAgain(eligible));
        if (reason.isPresent()) {
            return new Look.Spare(reason.get());
        }
        List<String> entries = new ArrayList<>();
        for (String tag : eligible.history()) {
            entries.add(link(Layout.historyEntry(repository, tag, digest)));
        }
        for (Storage.Child algorithm : listed.children(revision + "/signatures")) {
            for (Storage.Child signature : listed.children(revision + "/signatures/" + algorithm.name())) {
                entries.add(link(revision + "/signatures/" + algorithm.name() + "/" + signature.name()));
            }
        }
        return new Look.Delete(link.isPresent(), entries, link(revision));
    }

    private Optional<String> taggedAgain(Eligible eligible) {
        for (String tag : eligible.history()) {
            String current = Layout.currentLink(eligible.repository(), tag);
            switch (LinkFile.at(storage, current)) {
                case LinkFile.Names names
                when names.digest().equals(eligible.digest()) -> {
                    return Optional.of(WhyKept.TAGGED);
                }
                case LinkFile.Unreadable unreadable -> {
                    return Optional.of(WhyKept.TAG_UNREADABLE);
                }
                case LinkFile.Names other -> {
                    // The tag has moved on.
                }
                case LinkFile.Absent absent -> {
                    // The tag is deleted.
                }
            }
        }
        return Optional.empty();
    }

    private Look layer(Eligible eligible) {
        if (!Layout.validRepository(eligible.repository())) {
            return new Look.Spare(WhyKept.INVALID);
        }
        return file(eligible, Layout.layerLink(eligible.repository(), eligible.digest()));
    }

    private Look blob(Eligible eligible) {
        return file(eligible, Layout.blobData(eligible.digest()));
    }

    private Look file(Eligible eligible, String file) {
        Optional<Storage.Stat> stat = storage.stat(file);
        return reasonToSpare(eligible, stat)
                .<Look>map(Look.Spare::new)
                .orElseGet(() -> new Look.Delete(stat.isPresent(), List.of(), file));
    }

    /** An upload that somebody has gone on with stays. */
    private Look upload(Eligible eligible) {
        String repository = eligible.repository();
        String id = Layout.uploadId(eligible.path());
        if (!Layout.validRepository(repository) || !Layout.validUpload(id)) {
            return new Look.Spare(WhyKept.INVALID);
        }
        Listing listed = storage.listed(Layout.upload(repository, id));
        Upload upload = Upload.read(storage, listed, repository, id, options::abandoned);
        if (upload.unreadable() != null) {
            return new Look.Spare(WhyKept.AGELESS);
        }
        if (!upload.isEmpty() && !options.abandoned(upload.modified())) {
            return new Look.Spare(WhyKept.YOUNG);
        }
        String start = Layout.uploadStart(repository, id);
        List<String> others =
                upload.files().stream().filter(file -> !file.equals(start)).toList();
        return new Look.Delete(!upload.isEmpty(), others, start);
    }

    /**
     * The parts of an upload that somebody has gone on with stay. What is aborted was just listed: a record's own words
     * for it only tell which one.
     */
    private Look multipart(Eligible eligible) {
        Optional<PartedObject> object = PartedObject.of(eligible.repository(), eligible.path());
        Optional<Multiparts> multiparts = storage.multiparts();
        if (object.isEmpty() || multiparts.isEmpty()) {
            return new Look.Spare(WhyKept.INVALID);
        }
        String name = Layout.leftover(eligible.repository(), eligible.path());
        Optional<PartedUpload> upload = multiparts.get().of(object.get().path()).stream()
                .filter(begun -> begun.name().equals(name))
                .findFirst()
                .flatMap(begun ->
                        PartedUpload.read(storage, multiparts.get(), begun, storage::listed, options::abandoned));
        if (upload.isPresent() && upload.get().unreadable() != null) {
            return new Look.Spare(WhyKept.AGELESS);
        }
        return upload.isPresent() && !options.abandoned(upload.get().modified())
                ? new Look.Spare(WhyKept.YOUNG)
                : new Look.Delete(upload.isPresent(), List.of(), name);
    }

    /**
     * Directories that somebody has written to stay. The time of a repository's own is also that of the repositories
     * below it, which may have gone just now: what is pushed to it shows in its directories.
     *
     * @param names of those that are looked into; all if there are none
     * @param begun whether a try that was cut off may have removed some: that has changed the time of others
     */
    private Look empty(String directory, Collection<String> names, boolean begun) {
        Optional<Storage.Inside> inside = storage.inside(directory, names);
        if (inside.isPresent() && !inside.get().isEmpty()) {
            return new Look.Spare(WhyKept.NOT_EMPTY);
        }
        boolean young = inside.map(found -> names.isEmpty() ? found.last() : found.below())
                .filter(time -> !options.abandoned(time))
                .isPresent();
        return young && !begun
                ? new Look.Spare(WhyKept.YOUNG)
                : new Look.Delete(inside.isPresent(), List.of(), directory);
    }

    private static String link(String directory) {
        return directory + "/" + Layout.LINK;
    }

    private Optional<String> reasonToSpare(Eligible eligible, Optional<Storage.Stat> now) {
        if (rescued.has(eligible.digest())) {
            return Optional.of(WhyKept.RESCUED);
        }
        return now.filter(stat -> options.young(stat.modified())).map(stat -> WhyKept.YOUNG);
    }
}
