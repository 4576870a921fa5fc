package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.manifest.ManifestContent;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.storage.manifest.StoredManifest;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Checks that the manifests that are still there reference what their records say: their bytes are those of their
 * digest.
 */
final class StorageCheck {

    private static final int AT_ONCE = 500;

    private final Connection connection;
    private final Lifecycle life;
    private final Storage storage;
    private final ManifestReader manifests;
    private final Findings findings;
    private final Consumer<String> progress;
    private final BlobSizes sizes;
    private long read;
    private long gone;
    /** Of those that the run kept. */
    private long keptRead;

    private long keptGone;

    StorageCheck(Connection connection, Lifecycle life, Storage storage, Findings findings, Consumer<String> progress) {
        this.connection = connection;
        this.life = life;
        this.storage = storage;
        this.manifests = new ManifestReader(storage);
        this.findings = findings;
        this.progress = progress;
        sizes = new BlobSizes(connection);
    }

    /**
     * A manifest, as its record has it.
     *
     * @param kept whether the run found it live
     * @param said the sizes that it says of its references, in bytes, where it does
     */
    private record Recorded(
            Digest digest,
            String repository,
            String mediaType,
            long size,
            String pinned,
            boolean dangling,
            boolean kept,
            Set<Digest> references,
            Set<Digest> optional,
            Map<Digest, Long> said,
            String topic,
            int partition,
            long offset) {}

    /** @param failure why it can't be read; null if it can, or is not there */
    private record Look(Optional<StoredManifest> manifest, String failure) {}

    String check() {
        var batch = new ArrayList<Recorded>();
        Sql.each(connection, """
        SELECT m.digest, d.text, p.name, m.media_type, m.size, m.pinned, m.dangling, r.topic, r.partition, r.offset,
          m.repository,
          NOT m.dangling AND EXISTS (SELECT 1 FROM live l WHERE l.digest = m.digest)
        FROM manifest m JOIN digest d ON d.id = m.digest JOIN repository p ON p.id = m.repository
          JOIN record r ON r.id = m.record
        ORDER BY m.digest""", row -> {
            batch.add(new Recorded(
                    Digest.parse(row.getString(2)),
                    row.getString(3),
                    row.getString(4),
                    row.getLong(5),
                    row.getString(6),
                    row.getBoolean(7),
                    row.getBoolean(12),
                    references(row.getLong(1), row.getLong(11), false),
                    references(row.getLong(1), row.getLong(11), true),
                    said(row.getLong(1), row.getLong(11)),
                    row.getString(8),
                    row.getInt(9),
                    row.getLong(10)));
            if (batch.size() == AT_ONCE) {
                compare(batch);
                batch.clear();
            }
        });
        compare(batch);
        where();
        sizes.note(findings);
        return Counted.of(read, "manifest")
                + " read again, %,d that %s not there any more".formatted(gone, gone == 1 ? "is" : "are");
    }

    /** Another registry than the run's has nothing to compare: that nothing of it is wrong says nothing. */
    private void where() {
        if (keptRead == 0 && keptGone > 0) {
            findings.gap("of the " + keptGone + " manifests that the run kept, none is in " + storage.description()
                    + ": it is another registry, or all were deleted since");
        }
        life.enumerated.stream()
                .map(said -> said.value().registry())
                .filter(registry -> !registry.equals(storage.description()))
                .findFirst()
                .ifPresent(registry -> findings.note("the run read " + registry + ", and " + storage.description()
                        + " was read now: the same, if it is mounted elsewhere here"));
    }

    private Set<Digest> references(long digest, long repository, boolean optional) {
        Set<Digest> references = new HashSet<>();
        Sql.each(
                connection,
                "SELECT d.text FROM reference r JOIN digest d ON d.id = r.child WHERE r.parent = ? AND "
                        + "r.repository = ? AND r.optional = ?",
                row -> references.add(Digest.parse(row.getString(1))),
                digest,
                repository,
                optional);
        return references;
    }

    private Map<Digest, Long> said(long digest, long repository) {
        Map<Digest, Long> said = new HashMap<>();
        Sql.each(
                connection,
                "SELECT d.text, r.said FROM reference r JOIN digest d ON d.id = r.child WHERE r.parent = ? AND "
                        + "r.repository = ? AND r.said IS NOT NULL",
                row -> said.put(Digest.parse(row.getString(1)), row.getLong(2)),
                digest,
                repository);
        return said;
    }

    private void compare(List<Recorded> batch) {
        List<Look> looks = Parallel.map(batch, storage.parallelism(), this::look);
        for (int i = 0; i < batch.size(); i++) {
            compare(batch.get(i), looks.get(i));
        }
        progress.accept(Counted.of(read, "manifest") + " read again");
    }

    private Look look(Recorded recorded) {
        try {
            return new Look(manifests.read(recorded.digest()), null);
        } catch (ForbiddenException e) {
            return new Look(Optional.empty(), e.getMessage());
        } catch (StorageException e) {
            return new Look(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    private void compare(Recorded recorded, Look look) {
        if (look.failure() != null) {
            findings.gap(recorded.digest() + " can't be read: " + look.failure());
            return;
        }
        if (look.manifest().isEmpty()) {
            gone++;
            keptGone += recorded.kept() ? 1 : 0;
            return;
        }
        read++;
        keptRead += recorded.kept() ? 1 : 0;
        StoredManifest manifest = look.manifest().get();
        if (recorded.dangling()) {
            // It may have been pushed again since.
            return;
        }
        if (recorded.kept() && manifest.content() instanceof ManifestContent.Understood understood) {
            sizes.compare(recorded.repository(), recorded.digest(), understood.sizes());
        }
        boolean same = recorded.size() == manifest.size()
                && switch (manifest.content()) {
                    case ManifestContent.Understood understood ->
                        recorded.references().equals(new HashSet<>(understood.references()))
                                && recorded.said().equals(understood.sizes())
                                && recorded.optional().containsAll(understood.foreign())
                                && Objects.equals(recorded.mediaType(), understood.mediaType());
                    case ManifestContent.Doubtful doubtful ->
                        recorded.references().isEmpty() && recorded.optional().containsAll(doubtful.named());
                };
        // A manifest that could not be read then can be by now. Its record says so, and everything was kept for it.
        boolean couldNotBeRead = recorded.pinned() != null
                && recorded.mediaType() == null
                && recorded.references().isEmpty();
        if (!same && !couldNotBeRead) {
            findings.add(
                    Finding.Kind.STORAGE,
                    "the manifest " + recorded.digest() + " in " + recorded.repository()
                            + " references, or is, something else than its record says",
                    recorded.topic(),
                    recorded.partition(),
                    recorded.offset());
        }
    }
}
