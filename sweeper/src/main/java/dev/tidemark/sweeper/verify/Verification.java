package dev.tidemark.sweeper.verify;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunPublisher;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord.Verified;
import dev.tidemark.schemas.RunRecord.Verified.Lost;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.look.RecordsOfRun;
import dev.tidemark.sweeper.look.StoppedException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, after a sweep, whether all is there that live manifests need of what the run has deleted: those that the run
 * has found live, and those that were pushed since it began. It relies on nothing that the marker has worked out.
 */
public final class Verification {

    private static final Logger LOG = LoggerFactory.getLogger(Verification.class);

    /** How many lost files a record names. */
    private static final int LISTED = 1000;

    private final Cluster cluster;
    private final Storage storage;

    public Verification(Cluster cluster, Storage storage) {
        this.cluster = cluster;
        this.storage = storage;
    }

    /** Whether there is something to verify: the run has ended, and may have deleted something. */
    public static boolean needed(Run run) {
        return run.ended()
                && run.mayHaveSwept()
                && (run.state() == Run.State.SWEPT
                                ? run.sweep().deletions()
                                : run.totals().eligibleRecords())
                        > 0;
    }

    /** Whether there is something to verify, and nobody has done so yet. */
    public static boolean outstanding(Run run) {
        return run.verified() == null && needed(run);
    }

    /**
     * Looks, and records what it has found.
     *
     * @param heal looks at the trash once more, where something is missing
     * @param goOn whether to go on
     * @return empty if it was told to stop
     * @throws dev.tidemark.storage.StorageException if the storage does not answer
     * @throws org.apache.kafka.common.KafkaException if Kafka does not
     * @throws IllegalStateException if the run's records are not there any more
     */
    public Optional<Verified> verify(Run run, Runnable heal, BooleanSupplier goOn) {
        try (var records = new RecordsOfRun(cluster, run, goOn)) {
            var needs = new Needs(records, storage);
            Set<Lost> missing = needs.deleted(absent(needs.all()));
            if (!missing.isEmpty()) {
                heal.run();
                missing = absent(missing);
            }
            if (!missing.isEmpty()) {
                missing = absent(needs.still(missing));
            }
            var verified = new Verified(
                    run.id(),
                    System.currentTimeMillis(),
                    needs.manifests(),
                    missing.size(),
                    missing.stream().limit(LISTED).toList());
            missing.stream()
                    .limit(LISTED)
                    .forEach(lost -> LOG.error(
                            "{} has deleted what is needed in {}: the {} {}",
                            run.id(),
                            lost.repository(),
                            lost.kind(),
                            lost.digest()));
            try (var runs = new RunPublisher(cluster)) {
                runs.publish(verified);
            }
            return Optional.of(verified);
        } catch (StoppedException e) {
            return Optional.empty();
        }
    }

    /** Those of the files that are not in the storage. */
    private Set<Lost> absent(Collection<Lost> files) {
        Set<Lost> absent = ConcurrentHashMap.newKeySet();
        Parallel.forEach(List.copyOf(files), storage.parallelism(), file -> {
            if (storage.stat(path(file)).isEmpty()) {
                absent.add(file);
            }
        });
        return absent;
    }

    private static String path(Lost file) {
        return switch (file.kind()) {
            case TAG, UPLOAD, MULTIPART, DIRECTORY, REPOSITORY, LINK ->
                throw new IllegalArgumentException("no image needs a " + file.kind());
            case MANIFEST -> Layout.revisionLink(file.repository(), file.digest());
            case LAYER -> Layout.layerLink(file.repository(), file.digest());
            case BLOB -> Layout.blobData(file.digest());
        };
    }
}
