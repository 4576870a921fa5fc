package dev.tidemark.enumerator.lead;

import dev.tidemark.enumerator.read.BlobShards;
import dev.tidemark.enumerator.read.NewestBlob;
import dev.tidemark.enumerator.read.Problems;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.Witness;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Storage.Leaf;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LinkFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the witnesses of a plan: the image that was tagged last in each of some repositories, which are spread evenly
 * over the registry. An image that can't be read is no witness, and fails no run.
 */
final class WitnessChoice {

    private static final Logger LOG = LoggerFactory.getLogger(WitnessChoice.class);

    /** To list so many tags once more would take as long as to read them. */
    private static final int MANY_TAGS = 1000;

    private final Storage storage;

    WitnessChoice(Storage storage) {
        this.storage = storage;
    }

    /** At most {@value Fingerprint#MOST} blobs. If no tag will do, one blob of the first shard. */
    List<Witness> of(Collection<String> repositories, List<BlobShards> shards) {
        List<Witness> tagged = Parallel.map(spread(repositories), storage.parallelism(), this::newestTagged).stream()
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        return tagged.isEmpty() && !shards.isEmpty() ? newest(shards.getFirst()) : tagged;
    }

    private static List<String> spread(Collection<String> repositories) {
        List<String> sorted = repositories.stream().sorted().toList();
        int many = Math.min(Fingerprint.MOST, sorted.size());
        List<String> spread = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            spread.add(sorted.get((int) ((long) i * sorted.size() / many)));
        }
        return spread;
    }

    private Optional<Witness> newestTagged(String repository) {
        try {
            return newestTag(repository)
                    .flatMap(tag -> named(Layout.currentLink(repository, tag)))
                    .flatMap(this::blob);
        } catch (StorageException e) {
            LOG.info("no image of {} is a witness of the plan: {}", repository, e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<String> newestTag(String repository) {
        String tags = Layout.tags(repository);
        List<Leaf> leaves = new ArrayList<>();
        if (storage.count(tags, MANY_TAGS) < MANY_TAGS) {
            storage.leaves(tags, Layout.CURRENT_LINK, leaves::add);
        }
        return leaves.stream()
                .filter(leaf -> leaf.stat() != null)
                .max(Comparator.comparingLong((Leaf leaf) -> leaf.stat().modified())
                        .thenComparing(Leaf::name))
                .map(Leaf::name);
    }

    private Optional<Digest> named(String link) {
        return LinkFile.at(storage, link) instanceof LinkFile.Names(Digest digest)
                ? Optional.of(digest)
                : Optional.empty();
    }

    private Optional<Witness> blob(Digest digest) {
        return storage.stat(Layout.blobData(digest)).map(stat -> new Witness(digest, stat.modified()));
    }

    private List<Witness> newest(BlobShards some) {
        var newest = new NewestBlob(System.currentTimeMillis());
        try {
            new BlobShards(some.algorithm(), some.first(), some.first())
                    .read(storage, newest, left -> {}, new Problems());
        } catch (StorageException e) {
            LOG.info("no blob is a witness of the plan: {}", e.getMessage());
        }
        return newest.witness();
    }
}
