package dev.tidemark.testkit;

import dev.tidemark.schemas.Digest.Algorithm;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The language of the tests: the index of a run, without a run. It holds what it is told, and works out what is live by
 * the rules, as plainly as can be. The class path has to have the tables, of the module evidence.
 */
public final class TestIndex {

    public static final long CUTOFF = 1_000_000;
    public static final long OLD = 1000;
    public static final long YOUNG = 2_000_000;
    public static final long SWEPT_AT = 3_000_000;
    public static final String IMAGE = "application/vnd.oci.image.manifest.v1+json";
    public static final String INDEX = "application/vnd.oci.image.index.v1+json";

    private static final String ELIGIBLE = """
      INSERT INTO eligible (digest, kind, repository, bytes, reason, modified, since, history, record)
      VALUES ((SELECT id FROM digest WHERE text = ?), ?, ?, ?, ?, ?, ?, ?, ?)""";
    private static final String DELETION = """
      INSERT INTO deletion (digest, kind, repository, outcome, bytes, why, at, record)
      VALUES ((SELECT id FROM digest WHERE text = ?), ?, ?, ?, ?, ?, ?, ?)""";

    private static final String TABLES = "/dev/tidemark/evidence/index/index.sql";

    private final RunId run;
    private long cutoff = CUTOFF;
    private boolean deleteUntagged = true;
    private boolean dryRun;
    private boolean decided = true;
    private int lost;
    private final List<RunRecord> after = new ArrayList<>();

    private final Map<String, Integer> digests = new LinkedHashMap<>();
    private final Map<String, Integer> repositories = new LinkedHashMap<>();
    private final Map<String, Blob> blobs = new LinkedHashMap<>();
    private final List<Manifest> manifests = new ArrayList<>();
    private final List<Tag> tags = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Live> live = new HashMap<>();
    private final Map<List<String>, Boolean> liveLinks = new LinkedHashMap<>();

    private record Blob(long size, long modified, String pinned) {}

    private record Manifest(
            String repository,
            String digest,
            String mediaType,
            long modified,
            String pinned,
            boolean dangling,
            List<String> references,
            List<String> optional) {

        List<String> all() {
            var all = new ArrayList<>(references);
            all.addAll(optional);
            return all;
        }
    }

    private record Tag(String repository, String name, String digest, boolean current) {}

    private record Link(String repository, String digest, long modified, String target, String pinned) {}

    private record Live(String rule, int distance, String parent, String repository) {}

    private record Row(String sql, Object... values) {}

    private TestIndex(RunId run) {
        this.run = run;
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
        return run;
    }

    public TestIndex cutoff(long cutoff) {
        this.cutoff = cutoff;
        return this;
    }

    public TestIndex keepUntagged() {
        deleteUntagged = false;
        return this;
    }

    public TestIndex dryRun() {
        dryRun = true;
        return this;
    }

    public TestIndex undecided() {
        decided = false;
        return this;
    }

    /** The enumerator counted so many blobs more than the topics still have. */
    public TestIndex lost(int blobs) {
        lost = blobs;
        return this;
    }

    public TestIndex then(RunRecord record) {
        after.add(record);
        return this;
    }

    public Repo repo(String name) {
        repositories.putIfAbsent(name, repositories.size() + 1);
        return new Repo(name);
    }

    public TestIndex blob(String digest, long size) {
        return blob(digest, size, OLD, null);
    }

    public TestIndex blob(String digest, long size, long modified, String pinned) {
        number(digest);
        blobs.put(digest, new Blob(size, modified, pinned));
        return this;
    }

    public TestIndex without(String digest) {
        blobs.remove(digest);
        return this;
    }

    public TestIndex problem(String place, String why) {
        return row(
                "INSERT INTO problem (repository, kind, place, why, record) VALUES (NULL, 'DANGLING_TAG', ?, ?, ?)",
                place,
                why);
    }

    /** The marker found it eligible. A blob has no repository. */
    public TestIndex eligible(String kind, String digest, String repository, String since) {
        long bytes = kind.equals("blob") ? blobs.get(digest).size() : 0;
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
        number(digest);
        return row(ELIGIBLE, digest, kind, id(repository), bytes, reason, modified, since, history);
    }

    /** Evidence is in the order in which it was recorded. */
    private TestIndex row(String sql, Object... values) {
        Object[] numbered = Arrays.copyOf(values, values.length + 1);
        numbered[values.length] = rows.size() + 1;
        rows.add(new Row(sql, numbered));
        return this;
    }

    private int id(String repository) {
        return repository == null ? 0 : repositories.get(repository);
    }

    /** The sweeper did that with it. */
    public TestIndex deletion(String kind, String digest, String repository, String outcome, String why) {
        return deletion(kind, digest, repository, outcome, why, SWEPT_AT);
    }

    public TestIndex deletion(String kind, String digest, String repository, String outcome, String why, long at) {
        long bytes = kind.equals("blob") && outcome.equals("deleted")
                ? blobs.get(digest).size()
                : 0;
        number(digest);
        return row(DELETION, digest, kind, id(repository), outcome, bytes, why, at);
    }

    /** All that is not live is found eligible. */
    public TestIndex eligible() {
        mark();
        String since = run.toString();
        manifests.stream()
                .filter(m -> !live.containsKey(m.digest()) && !m.dangling())
                .forEach(m -> eligible("manifest", m.digest(), m.repository(), since));
        links.stream()
                .filter(l -> !liveLinks.containsKey(List.of(l.digest(), l.repository()))
                        && !holds(l.repository(), l.digest()))
                .forEach(l -> eligible("layer", l.digest(), l.repository(), since));
        blobs.keySet().stream().filter(b -> !live.containsKey(b)).forEach(b -> eligible("blob", b, null, since));
        return this;
    }

    /** All that is not live is found eligible, and deleted. */
    public TestIndex swept() {
        return eligible().sweepRest(SWEPT_AT);
    }

    /** Everything eligible is deleted that nothing was done with yet. */
    public TestIndex sweepRest(long at) {
        Set<List<Object>> done = new HashSet<>();
        rows.stream().filter(row -> row.sql().equals(DELETION)).forEach(row -> done.add(subject(row)));
        for (Row row : List.copyOf(rows)) {
            if (row.sql().equals(ELIGIBLE) && !done.contains(subject(row))) {
                Object[] v = row.values();
                row(DELETION, v[0], v[1], v[2], "deleted", v[3], null, at);
            }
        }
        return this;
    }

    /** The digest, the kind and the repository. */
    private static List<Object> subject(Row row) {
        return Arrays.asList(row.values()).subList(0, 3);
    }

    private boolean holds(String repository, String digest) {
        return live.containsKey(digest)
                && manifests.stream()
                        .anyMatch(m ->
                                m.repository().equals(repository) && m.digest().equals(digest));
    }

    /** A repository: as pushes fill it, or as no push ever does. */
    public final class Repo {

        private final String name;

        private Repo(String name) {
            this.name = name;
        }

        /** An image with a config of its own, and layers by their names: one of its own if none is named. */
        public String image(String seed, String... layers) {
            return image(OLD, seed, layers);
        }

        public String image(long modified, String seed, String... layers) {
            var references = new ArrayList<>(List.of(config(seed)));
            Arrays.stream(layers.length == 0 ? new String[] {seed} : layers)
                    .map(TestIndex::layer)
                    .forEach(references::add);
            references.forEach(each -> push(each, 100));
            return manifest(modified, digest("image " + seed), IMAGE, null, references, List.of());
        }

        public String index(String seed, String... children) {
            return manifest(OLD, digest("index " + seed), INDEX, null, List.of(children), List.of());
        }

        /** A manifest that may be anything. */
        public String manifest(
                long modified,
                String digest,
                String mediaType,
                String pinned,
                List<String> references,
                List<String> optional) {
            blobs.putIfAbsent(digest, new Blob(10, OLD, null));
            manifests.add(new Manifest(name, digest, mediaType, modified, pinned, false, references, optional));
            return digest;
        }

        public String dangling(String seed) {
            String digest = digest("image " + seed);
            manifests.add(new Manifest(name, digest, null, OLD, null, true, List.of(), List.of()));
            return digest;
        }

        /** A blob, linked as a layer. */
        public Repo push(String digest, long size) {
            blobs.putIfAbsent(digest, new Blob(size, OLD, null));
            return links.stream()
                            .anyMatch(l ->
                                    l.repository().equals(name) && l.digest().equals(digest))
                    ? this
                    : link(digest, OLD, null, null);
        }

        public Repo link(String digest, long modified, String target, String pinned) {
            links.add(new Link(name, digest, modified, target, pinned));
            return this;
        }

        public Repo tag(String tag, String digest) {
            tags.add(new Tag(name, tag, digest, true));
            return this;
        }

        public Repo past(String tag, String digest) {
            tags.add(new Tag(name, tag, digest, false));
            return this;
        }

        public TestIndex and() {
            return TestIndex.this;
        }
    }

    private void mark() {
        live.clear();
        liveLinks.clear();
        for (Manifest m : manifests) {
            if (!m.dangling()) {
                boolean tagged = tags.stream()
                        .anyMatch(t -> t.current()
                                && t.repository().equals(m.repository())
                                && t.digest().equals(m.digest()));
                root(tagged, "tag", m.digest(), m.repository());
                root(!deleteUntagged, "untagged-root", m.digest(), m.repository());
                root(m.pinned() != null, "pinned", m.digest(), m.repository());
                root(m.modified() >= cutoff, "young-manifest", m.digest(), m.repository());
            }
        }
        blobs.forEach((digest, blob) -> {
            root(blob.pinned() != null, "pinned", digest, null);
            root(blob.modified() >= cutoff, "young-blob", digest, null);
        });
        for (Link l : links) {
            boolean young = l.modified() >= cutoff;
            root(young, "young-link", l.digest(), l.repository());
            root(l.pinned() != null, "pinned", l.digest(), l.repository());
            if (young || l.pinned() != null) {
                liveLinks.put(List.of(l.digest(), l.repository()), true);
            }
        }
        for (int distance = 1, before = -1; before < live.size() + liveLinks.size(); distance++) {
            before = live.size() + liveLinks.size();
            Map<String, Live> now = Map.copyOf(live);
            for (Manifest m : manifests) {
                if (now.containsKey(m.digest())) {
                    for (String child : m.all()) {
                        live.putIfAbsent(child, new Live("reference", distance, m.digest(), m.repository()));
                        liveLinks.put(List.of(child, m.repository()), true);
                    }
                }
            }
            for (Link l : links) {
                if (l.target() != null
                        && liveLinks.containsKey(List.of(l.digest(), l.repository()))
                        && now.containsKey(l.digest())) {
                    live.putIfAbsent(l.target(), new Live("alias", distance, l.digest(), l.repository()));
                    liveLinks.put(List.of(l.target(), l.repository()), true);
                }
            }
        }
    }

    private void root(boolean is, String rule, String digest, String repository) {
        if (is) {
            live.putIfAbsent(digest, new Live(rule, 0, null, repository));
        }
    }

    private int number(String digest) {
        return digests.computeIfAbsent(digest, key -> digests.size() + 1);
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
            connection.setAutoCommit(false);
            try (Statement create = connection.createStatement();
                    InputStream tables = TestIndex.class.getResourceAsStream(TABLES)) {
                create.executeUpdate(new String(tables.readAllBytes(), StandardCharsets.UTF_8));
            }
            fill(connection);
            connection.commit();
            connection.setAutoCommit(true);
            return connection;
        } catch (SQLException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private void fill(Connection db) throws SQLException {
        mark();
        life(db);
        for (Map.Entry<String, Blob> blob : blobs.entrySet()) {
            put(
                    db,
                    "INSERT INTO blob (digest, size, modified, pinned, record) VALUES (?, ?, ?, ?, 1)",
                    number(blob.getKey()),
                    blob.getValue().size(),
                    blob.getValue().modified(),
                    blob.getValue().pinned());
        }
        for (Manifest m : manifests) {
            put(
                    db,
                    """
          INSERT INTO manifest (digest, repository, media_type, size, modified, pinned, dangling, record) VALUES (?, ?, ?, ?, ?, ?, ?, 1)""",
                    number(m.digest()),
                    repositories.get(m.repository()),
                    m.mediaType(),
                    m.dangling() ? 0 : 10,
                    m.modified(),
                    m.pinned(),
                    m.dangling());
            int position = 0;
            for (String child : m.all()) {
                put(
                        db,
                        "INSERT INTO reference (parent, repository, position, child, optional) VALUES (?, ?, ?, ?, ?)",
                        number(m.digest()),
                        repositories.get(m.repository()),
                        position,
                        number(child),
                        position >= m.references().size());
                position++;
            }
        }
        for (Tag t : tags) {
            put(
                    db,
                    "INSERT INTO tag (repository, name, digest, current) VALUES (?, ?, ?, ?)",
                    repositories.get(t.repository()),
                    t.name(),
                    number(t.digest()),
                    t.current());
        }
        for (Link l : links) {
            put(
                    db,
                    "INSERT INTO layer (digest, repository, modified, target, pinned, record) VALUES (?, ?, ?, ?, "
                            + "?, 1)",
                    number(l.digest()),
                    repositories.get(l.repository()),
                    l.modified(),
                    l.target() == null ? null : number(l.target()),
                    l.pinned());
        }
        for (Map.Entry<String, Live> each : live.entrySet()) {
            Live l = each.getValue();
            put(
                    db,
                    "INSERT INTO live (digest, rule, distance, parent, repository) VALUES (?, ?, ?, ?, ?)",
                    number(each.getKey()),
                    l.rule(),
                    l.distance(),
                    l.parent() == null ? null : number(l.parent()),
                    l.repository() == null ? null : repositories.get(l.repository()));
        }
        for (List<String> link : liveLinks.keySet()) {
            put(
                    db,
                    "INSERT INTO live_link (digest, repository) VALUES (?, ?)",
                    number(link.get(0)),
                    repositories.get(link.get(1)));
        }
        for (Map.Entry<String, Integer> repository : repositories.entrySet()) {
            put(
                    db,
                    "INSERT INTO repository (id, name, manifests, tags, layer_links, record) VALUES (?, ?, 0, 0, 0, 1)",
                    repository.getValue(),
                    repository.getKey());
        }
        for (Map.Entry<String, Integer> digest : digests.entrySet()) {
            put(db, "INSERT INTO digest (id, text) VALUES (?, ?)", digest.getValue(), digest.getKey());
        }
        for (Row row : rows) {
            put(db, row.sql(), row.values());
        }
    }

    private void life(Connection db) throws SQLException {
        var life = new ArrayList<RunRecord>();
        life.add(new RunRecord.Requested(run, cutoff, new Options(cutoff, deleteUntagged, dryRun), 100, "ada", null));
        if (decided) {
            life.add(new RunRecord.Enumerated(
                    run,
                    "/registry",
                    repositories.size(),
                    manifests.size(),
                    tags.size(),
                    links.size(),
                    blobs.size() + lost,
                    0,
                    null,
                    null));
            var totals = new Totals(new Tally(blobs.size(), 1), Tally.NONE, null, 0, 0, 0, 0, null, 0, null);
            life.add(new RunRecord.Decided(run, 0, 1, 2, totals));
        }
        life.addAll(after);
        int record = 1;
        for (RunRecord each : life) {
            String json = json(each);
            String type = json.replaceAll(".*\"type\":\"([a-z]+)\".*", "$1");
            put(db, "INSERT INTO life (record, type, json) VALUES (?, ?, ?)", record++, type, json);
        }
    }

    private static String json(RunRecord record) {
        try {
            return JsonSerde.MAPPER.writerFor(RunRecord.class).writeValueAsString(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(Connection db, String sql, Object... values) throws SQLException {
        try (PreparedStatement insert = db.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                insert.setObject(i + 1, values[i] instanceof Boolean b ? (Object) (b ? 1 : 0) : values[i]);
            }
            insert.executeUpdate();
        }
    }
}
