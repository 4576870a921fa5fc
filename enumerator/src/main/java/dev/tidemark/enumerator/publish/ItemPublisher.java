package dev.tidemark.enumerator.publish;

import dev.tidemark.enumerator.pin.LayerLink;
import dev.tidemark.enumerator.pin.Pins;
import dev.tidemark.enumerator.pin.RepositoryFacts;
import dev.tidemark.enumerator.pin.Revision;
import dev.tidemark.enumerator.pin.RunPolicy;
import dev.tidemark.enumerator.pin.StoredBlob;
import dev.tidemark.enumerator.read.BlobShards;
import dev.tidemark.enumerator.read.DanglingSource;
import dev.tidemark.enumerator.read.EmptyDirectory;
import dev.tidemark.enumerator.read.ManifestSource;
import dev.tidemark.enumerator.read.MultipartReader;
import dev.tidemark.enumerator.read.NewestBlob;
import dev.tidemark.enumerator.read.Problems;
import dev.tidemark.enumerator.read.RepositoryReader;
import dev.tidemark.enumerator.read.SubjectSource;
import dev.tidemark.enumerator.read.TrashReader;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.Holds;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.OtherFiles.Disk;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.WorkDoneRecord.Done;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.Storage;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Publishes an item of a run's work, blobs, a repository, multipart uploads or the trash: reads it from the storage,
 * decides what is pinned, and sends it.
 */
public final class ItemPublisher {

    private final Storage storage;
    private final ManifestSource manifests;
    private final SubjectSource subjects;
    private final boolean history;
    private final Options options;
    private final DanglingSource dangling;
    private final RunPolicy runPolicy;
    private final EnumerationPublisher to;

    /**
     * @param history whether manifests may be deleted in this run, so that their entries in the tags' history are
     *     needed
     * @param options of the run
     * @param dangling since when links are known to name nothing
     * @param runPolicy of the run
     * @param to takes the records of this item and of no other
     */
    public ItemPublisher(
            Storage storage,
            ManifestSource manifests,
            SubjectSource subjects,
            boolean history,
            Options options,
            DanglingSource dangling,
            RunPolicy runPolicy,
            EnumerationPublisher to) {
        this.storage = storage;
        this.manifests = manifests;
        this.subjects = subjects;
        this.history = history;
        this.options = options;
        this.dangling = dangling;
        this.runPolicy = runPolicy;
        this.to = to;
    }

    /**
     * Publishes all of the item.
     *
     * @return the records that were sent, for the ledger of the run
     * @throws RuntimeException if any part of it could not be read: then nothing of the run may be used
     */
    public Done publish(WorkRecord item) {
        return switch (item) {
            case WorkRecord.Shards shards -> publish(shards);
            case WorkRecord.Repository repository -> publish(repository);
            case WorkRecord.Multiparts multiparts -> publish(multiparts);
            case WorkRecord.Trash trash -> publish(trash);
        };
    }

    private Done publish(WorkRecord.Shards shards) {
        var problems = new Problems();
        var algorithm = Digest.Algorithm.named(shards.algorithm())
                .orElseThrow(() -> new IllegalArgumentException("no such algorithm: " + shards.algorithm()));
        Function<StoredBlob, EnumeratedRecord.Blob> pinned = Pins.blobs(shards.pinned(), shards.holds());
        var newest = new NewestBlob(runPolicy.now());
        var empty = new EmptyDirectory(storage, null, options, problems);
        BlobShards.BlobTotals totals = new BlobShards(algorithm, shards.first(), shards.last())
                .read(
                        storage,
                        newest.andThen(blob -> to.put(null, pinned.apply(blob))),
                        path -> empty.at(path, "it has no data", null)
                                .ifPresent(found -> to.put(null, found.record(found.kept()))),
                        problems);
        return new Done(
                shards.run(),
                shards.item(),
                null,
                0,
                0,
                0,
                0,
                0,
                0,
                totals.blobs(),
                totals.bytes(),
                to.records(),
                problems.counts(),
                problems.examples(),
                null,
                new Fingerprint(newest.witness(), 0),
                OtherFiles.unknown(problems.unknown()));
    }

    private Done publish(WorkRecord.Multiparts item) {
        var problems = new Problems();
        var holds = new Holds(item.holds());
        storage.multiparts()
                .ifPresent(multiparts -> new MultipartReader(storage, multiparts, options, problems)
                        .read((repository, found) -> to.put(repository, Pins.multipart(repository, found, holds))));
        return done(item, problems, OtherFiles.NONE);
    }

    private Done publish(WorkRecord.Trash item) {
        var problems = new Problems();
        Tally trash = new TrashReader(storage, problems).files();
        Disk disk = storage.disk().orElse(null);
        return done(item, problems, new OtherFiles(Tally.NONE, Tally.NONE, Tally.NONE, trash, disk));
    }

    /** Of neither blobs nor a repository. */
    private Done done(WorkRecord item, Problems problems, OtherFiles otherFiles) {
        return new Done(
                item.run(),
                item.item(),
                null,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                to.records(),
                problems.counts(),
                problems.examples(),
                null,
                Fingerprint.NONE,
                otherFiles);
    }

    private Done publish(WorkRecord.Repository item) {
        var problems = new Problems();
        // All is read before any of it is sent: a transaction has to end in time.
        RepositoryFacts facts = new RepositoryReader(storage, manifests, subjects, history, options, dangling)
                .read(item.name(), problems);
        Pins pins = Pins.of(facts, item.holds(), runPolicy, dangling.kept());
        facts.revisions().forEach(revision -> to.put(item.name(), pins.manifest(revision)));
        facts.layers().forEach(link -> to.put(item.name(), pins.layer(link)));
        facts.leftovers().forEach(found -> to.put(item.name(), pins.leftover(found)));
        long lost = facts.leftovers().stream()
                .filter(found -> found.tag() != null && options.abandoned(found.modified()))
                .filter(found -> pins.leftover(found).pinned() == null)
                .count();
        if (lost > 0 && lost == facts.tags().count()) {
            problems.add(
                    new Problem(Problem.Kind.LOST_REPOSITORY, item.name(), "each of its tags names what is not there"));
        }
        Checksum tagged = to.put(item.name(), pins.tags());
        var record = new RepositoryRecord(
                item.run(),
                item.name(),
                facts.revisions().size(),
                facts.tags().count(),
                pins.going(),
                facts.layers().size(),
                problems.examples(),
                tagged);
        Checksum said = to.put(record);
        return new Done(
                item.run(),
                item.item(),
                item.name(),
                record.manifests(),
                record.tags(),
                record.going(),
                pins.orphans(),
                pins.staying(),
                record.layerLinks(),
                0,
                0,
                to.records(),
                problems.counts(),
                problems.examples(),
                said,
                new Fingerprint(List.of(), newestLink(facts)),
                new OtherFiles(facts.links(), facts.histories(), problems.unknown(), Tally.NONE, null));
    }

    /** Young links are followed before anything is deleted: they need not be known here. */
    private long newestLink(RepositoryFacts facts) {
        return LongStream.concat(
                        facts.revisions().stream().mapToLong(Revision::modified),
                        facts.layers().stream().mapToLong(LayerLink::modified))
                .filter(modified -> !runPolicy.options().young(modified))
                .max()
                .orElse(0);
    }
}
