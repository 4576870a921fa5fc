package dev.tidemark.sweeper.delete;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicScan;
import dev.tidemark.kafka.worker.Lane;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.LinkRepair;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.Totals.Missing;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LayoutEntry;
import dev.tidemark.storage.manifest.ManifestContent;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.sweeper.order.WhyKept;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes layer links again that a live manifest needs and that are not there, while their blobs are. Those that an
 * earlier sweep has deleted in any case: a registry that remembered one has taken a manifest that needs it. The others
 * only if somebody has asked for it.
 */
public final class MissingLinks {

    private static final Logger LOG = LoggerFactory.getLogger(MissingLinks.class);

    private final Cluster cluster;
    private final Storage storage;
    private final ManifestReader manifests;

    public MissingLinks(Cluster cluster, Storage storage) {
        this.cluster = cluster;
        this.storage = storage;
        manifests = new ManifestReader(storage);
    }

    /**
     * Writes the links that the run has found missing in the lane's partition, as far as it lists them.
     *
     * @return null if there are none to write
     * @throws dev.tidemark.kafka.worker.LaneStoppedException if the lane is to be given back
     */
    public LinkRepair repair(Run run, Lane lane) {
        List<Missing> missing =
                run.decided().get(lane.partition()).totals().unlinked().first();
        if (missing.isEmpty()) {
            return null;
        }
        Map<String, Long> failed = new TreeMap<>();
        List<Missing> wanted = run.requested().repairsAll() ? missing : sweptEarlier(missing, lane, failed);
        List<Missing> linked = new ArrayList<>();
        for (Missing link : wanted) {
            lane.requireGoing();
            try {
                if (!Layout.validRepository(link.repository())) {
                    failed.merge(WhyKept.INVALID, 1L, Long::sum);
                } else if (needed(link)) {
                    write(link);
                    linked.add(link);
                }
            } catch (StorageException e) {
                LOG.warn("{} a layer link is not written: {}", run.id(), e.getMessage());
                failed.merge(LastCheck.failure(e).why(), 1L, Long::sum);
            }
        }
        return linked.isEmpty() && failed.isEmpty() ? null : new LinkRepair(linked, failed);
    }

    /** The links that an earlier run has deleted, as far as its records are still there. */
    private List<Missing> sweptEarlier(List<Missing> missing, Lane lane, Map<String, Long> failed) {
        Map<LayoutEntry, Missing> wanted = new HashMap<>();
        missing.forEach(link -> wanted.put(new LayoutEntry(Kind.LAYER, link.repository(), link.blob()), link));
        Set<Missing> swept = new LinkedHashSet<>();
        // The scan would wait for what the lane itself has open there.
        lane.commit();
        try (var deletions = new TopicScan<>(cluster, cluster.topics().deletions(), DeletionRecord.class)) {
            deletions.read(lane.partition(), OptionalLong.empty(), () -> !lane.stopped(), deletion -> {
                if (deletion.kind() == Kind.LAYER && deletion.outcome() == Outcome.DELETED) {
                    Missing link = wanted.get(new LayoutEntry(Kind.LAYER, deletion.repository(), deletion.digest()));
                    if (link != null) {
                        swept.add(link);
                    }
                }
            });
        } catch (KafkaException e) {
            lane.requireGoing();
            LOG.warn("{}: {}", WhyKept.NO_RECORDS, e.getMessage());
            failed.put(WhyKept.NO_RECORDS, (long) missing.size());
            return List.of();
        }
        lane.requireGoing();
        return List.copyOf(swept);
    }

    /** Whether it is still so that the repository holds the manifest, which names the blob, which is there. */
    private boolean needed(Missing link) {
        return storage.stat(Layout.revisionLink(link.repository(), link.manifest()))
                        .isPresent()
                && storage.stat(Layout.blobData(link.blob())).isPresent()
                && manifests
                        .read(link.manifest())
                        .filter(manifest -> manifest.content() instanceof ManifestContent.Understood image
                                && !image.index()
                                && image.references().contains(link.blob()))
                        .isPresent();
    }

    /** Writes the link, unless a try before this one, or the registry, has. */
    private void write(Missing link) {
        String path = Layout.layerLink(link.repository(), link.blob());
        if (storage.link(path, link.blob())) {
            LOG.info("written again: {}", path);
        }
    }
}
