package dev.tidemark.sweeper.verify;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord.Verified.Lost;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LayoutEntry;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.sweeper.look.Nominee;
import dev.tidemark.sweeper.look.RecordsOfRun;
import dev.tidemark.sweeper.look.YoungLinks;
import dev.tidemark.sweeper.order.WhyKept;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * The files that live manifests need and that a run may have deleted. Live are the manifests that the run has found so,
 * or has spared because something uses them again, those that no run may delete, and those that young links lead to.
 */
final class Needs implements YoungLinks.Visitor {

    /** Reasons to spare a manifest that say that it is in use. */
    private static final Set<String> IN_USE =
            Set.of(WhyKept.YOUNG, WhyKept.RESCUED, WhyKept.TAGGED, WhyKept.TAG_UNREADABLE);

    private final RecordsOfRun records;
    private final Storage storage;
    private final DeletedFiles deleted;
    /** The files that are asked for once more, if not all: a manifest that a client has deleted needs none of them. */
    private final Optional<Set<Lost>> again;

    private final Set<Lost> all = ConcurrentHashMap.newKeySet();
    /** Links that are there after the sweep: if they go now, it is not by the run. */
    private final Set<Lost> there = ConcurrentHashMap.newKeySet();
    /** Blobs that something pushed since needs, in a repository. */
    private final Set<Nominee> young = ConcurrentHashMap.newKeySet();
    /** Manifests that young links lead to and the run has not found. */
    private final Set<Nominee> pushed = ConcurrentHashMap.newKeySet();

    private long live;

    /**
     * @throws dev.tidemark.storage.StorageException if not all links could be read
     * @throws IllegalStateException if not all of the run's records are there
     */
    Needs(RecordsOfRun records, Storage storage) {
        this.records = records;
        this.storage = storage;
        deleted = new DeletedFiles(records.run().totals().eligibleRecords());
        long deletions = 0;
        for (int partition : records.partitions()) {
            deletions += records.deletions(partition, deletion -> {
                if (deletion.outcome() == Outcome.DELETED) {
                    deleted.add(deletion.kind(), deletion.digest(), deletion.repository());
                }
            });
        }
        again = Optional.empty();
        records.requireWhole(deletions, read());
    }

    /** The same once more, of these files alone, and as the registry is by now. */
    private Needs(Needs before, Set<Lost> files) {
        records = before.records;
        storage = before.storage;
        deleted = before.deleted;
        again = Optional.of(files);
        read();
    }

    /** @return how many manifests are recorded */
    private long read() {
        follow();
        long manifests = 0;
        for (int partition : records.partitions()) {
            manifests += readManifests(partition);
        }
        all.removeAll(there);
        return manifests;
    }

    /** How many live manifests there are, counted in each repository that holds them. */
    long manifests() {
        return live + pushed.size();
    }

    /** The files that they need and that the run may have deleted. */
    Set<Lost> all() {
        return all;
    }

    /** Those of the files that the run has deleted for sure. */
    Set<Lost> deleted(Set<Lost> files) {
        Set<Lost> sure = new HashSet<>();
        if (!files.isEmpty()) {
            Map<LayoutEntry, List<Lost>> needed = files.stream().collect(Collectors.groupingBy(Needs::entry));
            records.partitions()
                    .forEach(partition -> records.deletions(partition, deletion -> {
                        if (deletion.outcome() == Outcome.DELETED) {
                            sure.addAll(needed.getOrDefault(entry(deletion), List.of()));
                        }
                    }));
        }
        return sure;
    }

    /** Those of the files that are needed by now: clients may have deleted meanwhile what has needed them. */
    Set<Lost> still(Set<Lost> files) {
        return new Needs(this, files).all();
    }

    /** A blob has one entry, wherever it is needed. */
    private static LayoutEntry entry(Lost file) {
        return new LayoutEntry(file.kind(), file.kind() == Kind.BLOB ? null : file.repository(), file.digest());
    }

    private static LayoutEntry entry(DeletionRecord deletion) {
        return new LayoutEntry(deletion.kind(), deletion.repository(), deletion.digest());
    }

    private void follow() {
        long since = records.run().id().time().minus(Run.CLOCKS_DIFFER).toEpochMilli();
        var links = new YoungLinks(
                storage, new Options(since, false, false), (repository, digest) -> false, records::requireGoing, this);
        links.follow();
        young.forEach(needed ->
                links.targets(needed.digest()).forEach(target -> need(Kind.BLOB, target, needed.repository())));
    }

    @Override
    public void link(Kind kind, String repository, Digest digest) {
        if (deleted.mayHave(kind, digest, repository)) {
            there.add(new Lost(kind, digest, repository));
        }
    }

    @Override
    public void manifest(String repository, Digest digest) {
        pushed.add(new Nominee(repository, digest));
        need(Kind.MANIFEST, digest, repository);
        need(Kind.BLOB, digest, repository);
    }

    @Override
    public void blob(String repository, Digest digest) {
        young.add(new Nominee(repository, digest));
        need(Kind.LAYER, digest, repository);
        need(Kind.BLOB, digest, repository);
    }

    /** A partition has all records of a digest: the manifests and what became of them. */
    private long readManifests(int partition) {
        Set<Nominee> gone = new HashSet<>();
        records.deletions(partition, deletion -> {
            boolean inUse = deletion.outcome() == Outcome.SPARED && IN_USE.contains(deletion.why());
            if (deletion.kind() == Kind.MANIFEST && !inUse) {
                gone.add(new Nominee(deletion.repository(), deletion.digest()));
            }
        });
        return records.manifests(
                partition,
                pack -> pack.manifests().forEach(manifest -> {
                    var held = new Nominee(pack.repository(), manifest.digest());
                    if (!manifest.dangling() && (!gone.contains(held) || root(pack.repository(), manifest))) {
                        live++;
                        pushed.remove(held);
                        need(
                                pack.repository(),
                                manifest,
                                () -> again.isEmpty() || gone.contains(held) || isThere(held));
                    }
                }));
    }

    /** Whether the manifest should never have gone, by what was found before the marking, and by its tags now. */
    private boolean root(String repository, Manifest manifest) {
        Options options = records.run().requested().options();
        return !manifest.expendable(options)
                || options.young(manifest.modified())
                || manifest.pinned() != null
                || manifest.tags().stream().anyMatch(tag -> names(repository, tag, manifest.digest()));
    }

    private boolean names(String repository, String tag, Digest digest) {
        return Layout.validRepository(repository)
                && Layout.validTag(tag)
                && LinkFile.at(storage, Layout.currentLink(repository, tag)) instanceof LinkFile.Names named
                && named.digest().equals(digest);
    }

    private boolean isThere(Nominee manifest) {
        return Layout.validRepository(manifest.repository())
                && storage.stat(Layout.revisionLink(manifest.repository(), manifest.digest()))
                        .isPresent();
    }

    private void need(String repository, Manifest manifest, BooleanSupplier counts) {
        need(Kind.MANIFEST, manifest.digest(), repository, counts);
        need(Kind.BLOB, manifest.digest(), repository, counts);
        manifest.references().forEach(digest -> {
            need(Kind.MANIFEST, digest, repository, counts);
            need(Kind.LAYER, digest, repository, counts);
            need(Kind.BLOB, digest, repository, counts);
        });
    }

    private void need(Kind kind, Digest digest, String repository) {
        need(kind, digest, repository, () -> true);
    }

    /** No sweep deletes anything in a repository without a valid name. */
    private void need(Kind kind, Digest digest, String repository, BooleanSupplier counts) {
        if (deleted.mayHave(kind, digest, kind == Kind.BLOB ? null : repository)
                && Layout.validRepository(repository)) {
            var file = new Lost(kind, digest, repository);
            if (again.stream().allMatch(files -> files.contains(file)) && counts.getAsBoolean()) {
                all.add(file);
            }
        }
    }
}
