package dev.tidemark.enumerator.known;

import dev.tidemark.enumerator.read.ManifestSource;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.KnownManifest;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.manifest.ManifestContent;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.storage.manifest.StoredManifest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The manifests that earlier runs have read: the topic {@code manifests.known}, as a table on disk. It only ever saves
 * requests. If it can't be had, everything is read from the storage.
 *
 * <p>A manifest that no run has seen for long is forgotten. Each record names a run that has seen its manifest; when
 * half of the time of retention is over, a run that sees it too puts its own name there, so most runs write nothing.
 * The enumerator that leads a run removes the records that are too old.
 */
public final class KnownManifests implements AutoCloseable {

    private final Duration retention;
    private final KnownTable<KnownManifest> table;

    /**
     * @param stateDirectory where the table is kept
     * @param retention how long a manifest is known that no run sees
     */
    public KnownManifests(Cluster cluster, Path stateDirectory, Duration retention) {
        this.retention = retention;
        table = new KnownTable<>(
                cluster, cluster.topics().knownManifests(), "known-manifests", stateDirectory, KnownManifest.class);
    }

    /**
     * The manifests of a storage: the known ones from the table, if to read costs a request, the others from the
     * storage.
     */
    public Reading reading(Storage storage, RunId run) {
        return new Reading(
                new ManifestReader(storage),
                run,
                retention.dividedBy(2),
                pays(storage) ? Optional.of(table) : Optional.empty());
    }

    private static boolean pays(Storage storage) {
        return storage.parallelism() > 1;
    }

    /**
     * Hands out what no run has seen for the time of retention, as far as the table knows: what was seen a moment ago
     * may be among it, and is then read once more.
     *
     * @param run that has just seen all there is
     * @param each told of the key of each in the topic
     */
    public void forEachExpired(Storage storage, RunId run, Consumer<String> each) {
        if (pays(storage)) {
            table.forEachBut(manifest -> !manifest.run().olderThan(retention, run), each);
        }
    }

    /** The manifests that are read for one item. */
    public static final class Reading implements ManifestSource {

        private final ManifestReader reader;
        private final RunId run;
        private final Duration renewal;
        private final Optional<KnownTable<KnownManifest>> table;
        private final Map<Digest, KnownManifest> updates = new ConcurrentHashMap<>();

        /**
         * @param renewal the age of a record from which on it is written anew
         * @param table empty if it saves nothing
         */
        Reading(ManifestReader reader, RunId run, Duration renewal, Optional<KnownTable<KnownManifest>> table) {
            this.reader = reader;
            this.run = run;
            this.renewal = renewal;
            this.table = table;
        }

        @Override
        public Optional<StoredManifest> read(Digest digest) {
            Optional<KnownManifest> known =
                    table.flatMap(from -> from.get(digest.toString())).filter(Reading::isOfThisReader);
            if (known.isPresent()) {
                known.filter(manifest -> manifest.run().olderThan(renewal, run))
                        .ifPresent(manifest -> updates.put(digest, manifest.seenBy(run)));
                return known.map(Reading::stored);
            }
            Optional<StoredManifest> read = reader.read(digest);
            if (table.filter(KnownTable::there).isPresent()) {
                read.flatMap(this::known).ifPresent(manifest -> updates.put(digest, manifest));
            }
            return read;
        }

        private static boolean isOfThisReader(KnownManifest known) {
            return known.reader() == ManifestReader.VERSION;
        }

        /** The record to write for later runs; none of a manifest that isn't understood. */
        private Optional<KnownManifest> known(StoredManifest manifest) {
            return manifest.content() instanceof ManifestContent.Understood understood
                    ? Optional.of(new KnownManifest(
                            run,
                            ManifestReader.VERSION,
                            understood.mediaType(),
                            understood.index(),
                            manifest.size(),
                            understood.references(),
                            Sizes.of(understood.references(), understood.sizes()),
                            understood.foreign(),
                            understood.subject()))
                    : Optional.empty();
        }

        /**
         * The records to write for later runs: manifests that no earlier run has read, and those that none has seen for
         * long.
         */
        public Map<Digest, KnownManifest> updates() {
            return updates;
        }

        private static StoredManifest stored(KnownManifest known) {
            return new StoredManifest(
                    known.size(),
                    new ManifestContent.Understood(
                            known.mediaType(),
                            known.index(),
                            known.references(),
                            known.foreign(),
                            known.subject(),
                            known.sizes().by(known.references())));
        }
    }

    @Override
    public void close() {
        table.close();
    }
}
