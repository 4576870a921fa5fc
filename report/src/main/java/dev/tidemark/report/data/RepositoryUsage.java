package dev.tidemark.report.data;

import dev.tidemark.evidence.index.IndexException;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.report.data.ReportData.Largest;
import dev.tidemark.report.data.ReportData.Repository;
import dev.tidemark.report.data.ReportData.Shared;
import dev.tidemark.report.data.ReportData.Tense;
import dev.tidemark.report.data.ReportData.Tile;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Sums up the bytes of each repository, in one walk over all blobs and all that links them, both in the order of their
 * digests. The blobs that several repositories hold are found on the way.
 */
final class RepositoryUsage {

    private static final int LISTED = 100;
    private static final int OWN_LISTED = 15;
    private static final int SHARED_LISTED = 15;

    private static final String BLOBS = """
      SELECT b.digest, b.size,
        EXISTS (SELECT 1 FROM eligible e WHERE e.digest = b.digest AND e.kind = 'blob') AS eligible,
        (SELECT outcome FROM deletion d WHERE d.digest = b.digest AND d.kind = 'blob'
          ORDER BY record DESC LIMIT 1) AS outcome
      FROM blob b ORDER BY b.digest""";

    /** A manifest is a blob that its repository's revision links. */
    private static final String LINKS = """
      SELECT l.digest AS digest, l.repository AS repository, NOT EXISTS (
        SELECT 1 FROM eligible e WHERE e.digest = l.digest AND e.kind = 'layer'
          AND e.repository = l.repository) AS needed
      FROM layer l
      UNION ALL
      SELECT m.digest, m.repository, NOT EXISTS (
        SELECT 1 FROM eligible e WHERE e.digest = m.digest AND e.kind = 'manifest' AND e.repository = m.repository)
      FROM manifest m
      ORDER BY 1, 2""";

    /** Blobs that no repository links are held by this. */
    private static final long NOBODY = 0;

    private final Map<Long, Sums> sums = new HashMap<>();
    private final Map<Long, String> names = new HashMap<>();
    private final PriorityQueue<SharedBlob> shared = new PriorityQueue<>(Comparator.comparingLong(SharedBlob::saved));
    private final Tense tense;
    private List<Repository> repositories = List.of();
    private List<Shared> mostShared = List.of();

    private static final class Sums {
        private long blobs;
        private long held;
        private long own;
        private long freed;
    }

    private record SharedBlob(long digest, long bytes, long repositories) {

        long saved() {
            return bytes * (repositories - 1);
        }
    }

    private RepositoryUsage(Tense tense) {
        this.tense = tense;
    }

    /**
     * Reads the usage of all repositories. As long as only some partitions have decided, nothing is eligible: all blobs
     * count as needed.
     */
    static RepositoryUsage read(Connection index, Tense tense) {
        var usage = new RepositoryUsage(tense);
        usage.name(index);
        usage.walk(index);
        usage.list(index);
        return usage;
    }

    private void name(Connection index) {
        Sql.each(index, "SELECT id, name FROM repository", row -> names.put(row.getLong(1), row.getString(2)));
    }

    private void walk(Connection index) {
        try (Statement blobStatement = index.createStatement();
                Statement linkStatement = index.createStatement();
                ResultSet blobs = blobStatement.executeQuery(BLOBS);
                ResultSet links = linkStatement.executeQuery(LINKS)) {
            boolean more = links.next();
            while (blobs.next()) {
                long digest = blobs.getLong(1);
                while (more && links.getLong(1) < digest) {
                    more = links.next();
                }
                var holders = new ArrayList<Long>();
                long needing = 0;
                long owner = NOBODY;
                while (more && links.getLong(1) == digest) {
                    long repository = links.getLong(2);
                    boolean needed = false;
                    while (more && links.getLong(1) == digest && links.getLong(2) == repository) {
                        needed |= links.getBoolean(3) || tense == Tense.UNKNOWN;
                        more = links.next();
                    }
                    holders.add(repository);
                    if (needed) {
                        needing++;
                        owner = repository;
                    }
                }
                add(
                        digest,
                        blobs.getLong(2),
                        tense != Tense.UNKNOWN && blobs.getBoolean(3),
                        blobs.getString(4),
                        holders,
                        needing,
                        owner);
            }
        } catch (SQLException e) {
            throw IndexException.because(e);
        }
    }

    private void add(
            long digest, long size, boolean eligible, String outcome, List<Long> holders, long needing, long owner) {
        boolean freed = tense.swept() ? "deleted".equals(outcome) : eligible;
        if (holders.isEmpty()) {
            holders = List.of(NOBODY);
        } else {
            // In the order of the marker, whose sums are the run's: what is left over goes to the first by name.
            holders.sort(Comparator.comparing(names::get));
        }
        long rest = size % holders.size();
        for (long holder : holders) {
            long share = size / holders.size() + (rest-- > 0 ? 1 : 0);
            Sums its = sums.computeIfAbsent(holder, id -> new Sums());
            its.blobs++;
            its.held += share;
            its.freed += freed ? share : 0;
        }
        if (!eligible && needing == 1) {
            sums.get(owner).own += size;
        } else if (!eligible && needing > 1) {
            shared.add(new SharedBlob(digest, size, needing));
            if (shared.size() > SHARED_LISTED) {
                shared.remove();
            }
        }
    }

    private void list(Connection index) {
        var named = new ArrayList<Repository>();
        names.forEach((id, name) -> {
            Sums its = sums.getOrDefault(id, new Sums());
            named.add(new Repository(name, its.blobs, its.held, its.own, its.freed));
        });
        Sums unlinked = sums.get(NOBODY);
        if (unlinked != null) {
            named.add(new Repository("", unlinked.blobs, unlinked.held, 0, unlinked.freed));
        }
        named.sort(Comparator.comparingLong(Repository::held).reversed().thenComparing(Repository::name));
        repositories = named;
        var most = new ArrayList<Shared>();
        for (SharedBlob blob : shared.stream()
                .sorted(Comparator.comparingLong(SharedBlob::saved).reversed())
                .toList()) {
            Sql.each(
                    index,
                    "SELECT text FROM digest WHERE id = ?",
                    row -> most.add(new Shared(row.getString(1), blob.bytes, blob.repositories, blob.saved())),
                    blob.digest);
        }
        mostShared = most;
    }

    Largest largest() {
        int listed = Math.min(LISTED, repositories.size());
        long blobs = 0;
        long held = 0;
        long own = 0;
        long freed = 0;
        for (Repository repository : repositories.subList(listed, repositories.size())) {
            blobs += repository.blobs();
            held += repository.held();
            own += repository.own();
            freed += repository.freed();
        }
        long count = repositories.stream()
                .filter(repository -> !repository.name().isEmpty())
                .count();
        return new Largest(
                count, List.copyOf(repositories.subList(0, listed)), new Repository("", blobs, held, own, freed));
    }

    Tile map() {
        return RepositoryMap.of(repositories);
    }

    List<Repository> largestOwn() {
        return repositories.stream()
                .filter(repository -> repository.own() > 0)
                .sorted(Comparator.comparingLong(Repository::own).reversed().thenComparing(Repository::name))
                .limit(OWN_LISTED)
                .toList();
    }

    List<Shared> shared() {
        return mostShared;
    }
}
