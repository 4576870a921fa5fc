package dev.tidemark.enumerator.known;

import dev.tidemark.enumerator.pin.RunPolicy;
import dev.tidemark.enumerator.read.SubjectReader;
import dev.tidemark.enumerator.read.SubjectSource;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.KnownSubject;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The subjects that earlier runs have seen in their repositories: the topic {@code subjects.known}, as a table on disk.
 * A record is kept as {@link KnownManifests} keeps one. If the table can't be had, nothing is known of earlier runs.
 */
public final class KnownSubjects implements AutoCloseable {

    private final Duration retention;
    private final KnownTable<KnownSubject> table;

    /**
     * @param stateDirectory where the table is kept
     * @param retention how long a subject is known that no run sees a tag of
     */
    public KnownSubjects(Cluster cluster, Path stateDirectory, Duration retention) {
        this.retention = retention;
        table = new KnownTable<>(
                cluster, cluster.topics().knownSubjects(), "known-subjects", stateDirectory, KnownSubject.class);
    }

    /** The subjects in a repository of a storage. */
    public SubjectSource reading(Storage storage, RunId run, RunPolicy policy, String repository) {
        return policy.asksForSubjects(repository)
                ? new SubjectReader(
                        run,
                        policy.now(),
                        table::get,
                        digest -> storage.stat(Layout.blobData(digest)).isPresent(),
                        retention.dividedBy(2))
                : SubjectSource.NONE;
    }

    /**
     * Hands out what no run has seen for the time of retention, as far as the table knows.
     *
     * @param run that has just seen all there is
     * @param policy of the run: where it does not ask for subjects, the run has seen none
     * @param each told of the key of each in the topic
     */
    public void forEachExpired(RunId run, RunPolicy policy, Consumer<String> each) {
        if (policy.asksForSubjects()) {
            table.forEachBut(subject -> !subject.run().olderThan(retention, run), each);
        }
    }

    @Override
    public void close() {
        table.close();
    }
}
