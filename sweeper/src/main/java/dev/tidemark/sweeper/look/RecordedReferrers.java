package dev.tidemark.sweeper.look;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Manifests;
import dev.tidemark.schemas.Run;
import dev.tidemark.storage.StorageException;
import java.util.HashSet;
import java.util.Set;

/** Finds them in the topic {@code manifests}, as the run has read them: to read them again is a request each. */
public record RecordedReferrers(Cluster cluster) implements Referrers {

    @Override
    public Set<Nominee> of(Run run, Set<Digest> subjects, Runnable goingOn) {
        Set<Nominee> found = new HashSet<>();
        try (var records = new RecordsOfRun(cluster, run, () -> {
            goingOn.run();
            return true;
        })) {
            long manifests = 0;
            for (int partition : records.partitions()) {
                manifests += records.manifests(partition, pack -> collect(pack, subjects, found));
            }
            records.lacking(manifests).ifPresent(why -> {
                throw StorageException.settled(why + ": what refers to others is not known", null);
            });
        }
        return found;
    }

    private static void collect(Manifests pack, Set<Digest> subjects, Set<Nominee> found) {
        for (Manifest manifest : pack.manifests()) {
            if (manifest.subject() != null && subjects.contains(manifest.subject())) {
                found.add(new Nominee(pack.repository(), manifest.digest()));
            }
        }
    }
}
