package dev.tidemark.testkit;

import dev.tidemark.schemas.Digest.Algorithm;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.testkit.IndexTables.Row;
import dev.tidemark.testkit.TestRegistry.Blob;
import dev.tidemark.testkit.TestRegistry.Tag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The language of the tests: the index of a run, without a run. It holds what it is told, and {@link PlainMark} works
 * out what is live. The class path has to have the tables, of the module evidence.
 */
public final class TestIndex {

    public static final long CUTOFF = 1_000_000;
    public static final long OLD = 1000;
    public static final long YOUNG = 2_000_000;
    public static final long SWEPT_AT = 3_000_000;
    public static final String IMAGE = "application/vnd.oci.image.manifest.v1+json";
    public static final String INDEX = "application/vnd.oci.image.index.v1+json";

    private static final String ELIGIBLE =
            "eligible (digest, kind, repository, tag, bytes, reason, modified, since, history, record)";
    private static final String TRASH = "trash (digest, kind, repository, tag, outcome, bytes, why, at, record)";
    private static final String DELETION = "deletion (digest, kind, repository, tag, outcome, bytes, why, at, record)";

    private final TestRun run;
    private final TestRegistry registry = new TestRegistry();
    private final IndexTables tables = new IndexTables();
    private final List<Row> rows = new ArrayList<>();

    private TestIndex(RunId run) {
        this.run = new TestRun(run);
    }

    public static TestIndex index() {
        return index("20260101-000000");
    }

    public static TestIndex index(String run) {
        return new TestIndex(new RunId(run));
    }

    public static String digest(String seed) {
        return Algorithm.SHA256.of(seed.getBytes(StandardCharsets.UTF_8)).toString();
    }

    public static String layer(String name) {
        return digest("layer " + name);
    }

    public static String config(String image) {
        return digest("config of " + image);
    }

    public RunId run() {
        return run.id;
    }

    public TestIndex cutoff(long cutoff) {
        run.cutoff = cutoff;
        return this;
    }

    public TestIndex keepUntagged() {
        run.deleteUntagged = false;
        return this;
    }

    public TestIndex dryRun() {
        run.dryRun = true;
        return this;
    }

    public TestIndex undecided() {
        run.decided = false;
        return this;
    }

    /** The enumerator counted so many blobs more than the topics still have. */
    public TestIndex lost(int blobs) {
        run.lost = blobs;
        return this;
    }

    public TestIndex then(RunRecord record) {
        run.after.add(record);
        return this;
    }

    public TestRepository repo(String name) {
        tables.repository(name);
        return new TestRepository(this, registry, name);
    }

    public TestIndex blob(String digest, long size) {
        return blob(digest, size, OLD, null);
    }

    public TestIndex blob(String digest, long size, long modified, String pinned) {
        tables.digest(digest);
        registry.blobs.put(digest, new Blob(size, modified, pinned));
        return this;
    }

    public TestIndex without(String digest) {
        registry.blobs.remove(digest);
        return this;
    }

    public TestIndex problem(String place, String why) {
        return row("problem (repository, kind, place, why, record)", null, "DANGLING_TAG", place, why);
    }

    /** The marker found it eligible. A blob has no repository. */
    public TestIndex eligible(String kind, String digest, String repository, String since) {
        long bytes = kind.equals("blob") ? registry.blobs.get(digest).size() : 0;
        return eligible(kind, digest, repository, bytes, "nothing live references it", OLD, since, null);
    }

    /** @param history the tags that have the manifest in their history: a JSON array, or null */
    public TestIndex eligible(
            String kind,
            String digest,
            String repository,
            long bytes,
            String reason,
            long modified,
            String since,
            String history) {
        return row(ELIGIBLE, tables.digest(digest), kind, id(repository), "", bytes, reason, modified, since, history);
    }

    private void eligible(Tag tag) {
        Object[] of = {tables.digest(tag.digest()), id(tag.repository())};
        row(ELIGIBLE, of[0], "tag", of[1], tag.name(), 0, "the policy lets it go", OLD, run.id.text(), null);
    }

    /** Evidence is in the order in which it was recorded. */
    private TestIndex row(String into, Object... values) {
        Object[] numbered = Arrays.copyOf(values, values.length + 1);
        numbered[values.length] = rows.size() + 1;
        rows.add(new Row(into, numbered));
        return this;
    }

    private int id(String repository) {
        return repository == null ? 0 : tables.repository(repository);
    }

    /** The sweeper did that with it. */
    public TestIndex deletion(String kind, String digest, String repository, String outcome, String why) {
        return deletion(kind, digest, repository, outcome, why, SWEPT_AT);
    }

    public TestIndex deletion(String kind, String digest, String repository, String outcome, String why, long at) {
        long bytes = kind.equals("blob") && outcome.equals("deleted")
                ? registry.blobs.get(digest).size()
                : 0;
        return row(DELETION, tables.digest(digest), kind, id(repository), "", outcome, bytes, why, at);
    }

    /** The sweeper did that with a tag. */
    public TestIndex tagDeletion(String repository, String tag, String digest, String outcome, String why) {
        return row(DELETION, tables.digest(digest), "tag", id(repository), tag, outcome, 0, why, SWEPT_AT);
    }

    /** A look at the trash has put it back, a second after it was swept. */
    public TestIndex restored(String kind, String digest, String repository, String why) {
        return row(TRASH, tables.digest(digest), kind, id(repository), "", "restored", 0, why, SWEPT_AT + 1000);
    }

    /** The same, of a tag. */
    public TestIndex tagRestored(String repository, String tag, String digest, String why) {
        return row(TRASH, tables.digest(digest), "tag", id(repository), tag, "restored", 0, why, SWEPT_AT + 1000);
    }

    /** All that is not live is found eligible. */
    public TestIndex eligible() {
        String since = run.id.toString();
        PlainMark mark = mark();
        registry.tags.stream().filter(Tag::goes).forEach(this::eligible);
        registry.manifests.stream()
                .filter(m -> !mark.isLive(m.digest()) && !m.dangling())
                .forEach(m -> eligible("manifest", m.digest(), m.repository(), since));
        registry.links.stream()
                .filter(l -> !mark.isLive(l))
                .filter(l -> !mark.isLive(l.digest()) || !registry.hasManifest(l.repository(), l.digest()))
                .forEach(l -> eligible("layer", l.digest(), l.repository(), since));
        registry.blobs.keySet().stream()
                .filter(blob -> !mark.isLive(blob))
                .forEach(blob -> eligible("blob", blob, null, since));
        return this;
    }

    /** All that is not live is found eligible, and deleted. */
    public TestIndex swept() {
        return eligible().sweepRest(SWEPT_AT);
    }

    /** Everything eligible is deleted that nothing was done with yet. */
    public TestIndex sweepRest(long at) {
        Set<List<Object>> done = new HashSet<>();
        rows.stream().filter(row -> row.into().equals(DELETION)).forEach(row -> done.add(subject(row)));
        for (Row row : List.copyOf(rows)) {
            if (row.into().equals(ELIGIBLE) && !done.contains(subject(row))) {
                Object[] v = row.values();
                row(DELETION, v[0], v[1], v[2], v[3], "deleted", v[4], null, at);
            }
        }
        return this;
    }

    /** The digest, the kind, the repository and the tag. */
    private static List<Object> subject(Row row) {
        return Arrays.asList(row.values()).subList(0, 4);
    }

    private PlainMark mark() {
        return new PlainMark(registry, run.cutoff, run.deleteUntagged);
    }

    /** The index, in memory. */
    public Connection open() {
        return open("jdbc:sqlite::memory:");
    }

    /** The index, in a file. */
    public Connection open(Path file) {
        return open("jdbc:sqlite:" + file);
    }

    private Connection open(String url) {
        try {
            Connection connection = DriverManager.getConnection(url);
            tables.fill(connection, run.life(registry, tables.repositories()), registry, mark(), rows);
            return connection;
        } catch (SQLException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
