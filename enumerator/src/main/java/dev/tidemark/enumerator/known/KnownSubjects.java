package dev.tidemark.enumerator.known;

import dev.tidemark.enumerator.pin.RunPolicy;
import dev.tidemark.enumerator.read.SubjectReader;
import dev.tidemark.enumerator.read.SubjectSource;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.KnownSubject;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The subjects that earlier runs have seen in their repositories, and the links that name nothing: the topic {@code
 * subjects.known}, as a table on disk. A record is kept as {@link KnownManifests} keeps one. If the table can't be had,
 * nothing is known of earlier runs.
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
                        () -> known(policy.now()),
                        table::get,
                        digest -> storage.stat(Layout.blobData(digest)).isPresent(),
                        retention.dividedBy(2))
                : SubjectSource.NONE;
    }

    /**
     * The links of a repository that earlier runs have found to name what is not there.
     *
     * @param before the last run before this one that has seen all there was
     */
    public KnownDangling dangling(Requested request, Supplier<Optional<RunId>> before) {
        return new KnownDangling(request.run(), () -> known(request.at()), request.keepsDangling(), before, table::get);
    }

    /** The time of what a run finds now. Its request may have waited, or be of a machine whose clock is slow. */
    private static long known(long requested) {
        return Math.max(requested, System.currentTimeMillis());
    }

    /**
     * Hands out what no run has seen for the time of retention, as far as the table knows. A table that nobody has
     * asked is not opened for that.
     *
     * @param run that has just seen all there is
     * @param policy of the run: where it does not ask for subjects, the run has seen none
     * @param each told of the key of each in the topic
     */
    public void forEachExpired(RunId run, RunPolicy policy, Consumer<String> each) {
        boolean all = policy.asksForSubjects();
        if (all || table.opened()) {
            table.forEachBut(subject -> !subject.run().olderThan(retention, run), key -> {
                if (all || isLink(key)) {
                    each.accept(key);
                }
            });
        }
    }

    private static boolean isLink(String key) {
        return key.endsWith("/" + Layout.LINK);
    }

    @Override
    public void close() {
        table.close();
    }
}
