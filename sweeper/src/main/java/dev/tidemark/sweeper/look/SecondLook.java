package dev.tidemark.sweeper.look;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Holds;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.storage.layout.RootFiles;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lists all links of the registry once more before a run deletes anything, and rescues each digest that a young one
 * leads to: it was pushed or linked again since the run looked. So does one that is held by now, or pulled, where the
 * run's policy asks for that. A manifest that is rescued rescues those that refer to it.
 *
 * <p>A client that finds a blob in the registry does not push it again, it pushes a manifest that names it. Between the
 * walk and the sweep, a digest that nothing referenced can so come to be referenced without getting any younger itself.
 */
final class SecondLook implements YoungLinks.Visitor {

    private final Storage storage;
    private final Fingerprint planned;
    private final boolean deletesManifests;
    private final Holds holds;
    private final Supplier<Set<Nominee>> pulled;
    private final Function<Set<Digest>, Set<Nominee>> referrers;
    private final YoungLinks links;
    private final Set<Digest> rescued = ConcurrentHashMap.newKeySet();

    /**
     * @param planned of the storage, as the run has found it
     * @param holds that there are now: what was held when the run began is not eligible
     * @param pulled the manifests that were pulled since the run has decided, as far as that keeps them. It throws if
     *     not all of them are known
     * @param referrers the manifests that refer to some, wherever: more is kept than has to be. It throws if not all
     *     of them are known
     * @param goingOn called every so often, by several threads; it throws to end the look
     */
    SecondLook(
            Storage storage,
            Requested request,
            Fingerprint planned,
            Holds holds,
            Supplier<Set<Nominee>> pulled,
            Function<Set<Digest>, Set<Nominee>> referrers,
            Runnable goingOn) {
        this.storage = storage;
        this.planned = planned;
        deletesManifests = request.deletesManifests();
        this.holds = holds;
        this.pulled = pulled;
        this.referrers = referrers;
        links = new YoungLinks(storage, request.options(), holds::names, goingOn, this);
    }

    /**
     * Every digest that a young, held or pulled revision or layer link leads to, and what refers to such a digest.
     *
     * @throws StorageException if not all of them could be read, or there is an old one that the run doesn't know: then
     *     nothing may be swept
     */
    Set<Digest> rescued() {
        RootFiles.refusal(storage, deletesManifests).ifPresent(why -> {
            throw StorageException.settled(why, null);
        });
        rescued.addAll(holds.bytes().keySet());
        links.follow();
        if (deletesManifests) {
            followHeldTags();
            links.followManifests(pulled.get());
            followReferrers();
        }
        List.copyOf(rescued).forEach(digest -> rescued.addAll(links.targets(digest)));
        return rescued;
    }

    /** A hold of a tag that was made since the run began may not say what the tag names. */
    private void followHeldTags() {
        links.followManifests(Parallel.map(holds.tags(), storage.parallelism(), this::named).stream()
                .flatMap(Optional::stream)
                .toList());
    }

    private Optional<Nominee> named(Hold.Subject.OfTag tag) {
        return Layout.validRepository(tag.repository())
                        && Layout.validTag(tag.tag())
                        && LinkFile.at(storage, Layout.currentLink(tag.repository(), tag.tag()))
                                instanceof LinkFile.Names(Digest digest)
                ? Optional.of(new Nominee(tag.repository(), digest))
                : Optional.empty();
    }

    /** In a run that deletes no manifests none has to be rescued. */
    private void followReferrers() {
        Set<Digest> asked = new HashSet<>();
        for (Set<Digest> news = Set.copyOf(rescued); !news.isEmpty(); ) {
            asked.addAll(news);
            links.followManifests(referrers.apply(news));
            news = new HashSet<>(rescued);
            news.removeAll(asked);
        }
    }

    /** Nobody follows it, and the run has decided without it. */
    @Override
    public void old(String repository, Digest digest, long modified) {
        if (planned.before(modified)) {
            throw StorageException.settled(
                    ("the run does not know the link to %s in %s, which was written at %s, later than any that it has "
                                    + "found: it was planned on a copy of %s, or that link was put back since. "
                                    + "Plan another run")
                            .formatted(digest, repository, Instant.ofEpochMilli(modified), storage.description()),
                    null);
        }
    }

    @Override
    public void manifest(String repository, Digest digest) {
        rescued.add(digest);
    }

    @Override
    public void blob(String repository, Digest digest) {
        rescued.add(digest);
    }
}
