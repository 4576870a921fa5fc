package dev.tidemark.testkit;

import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.testkit.TestRegistry.Link;
import dev.tidemark.testkit.TestRegistry.Manifest;
import dev.tidemark.testkit.TestRegistry.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of an index, filled row by row: the numbers in them stand for digests and repositories. */
final class IndexTables {

    private static final String TABLES = "/dev/tidemark/evidence/index/index.sql";

    private final Map<String, Integer> digests = new LinkedHashMap<>();
    private final Map<String, Integer> repositories = new LinkedHashMap<>();

    /** @param into a table and its columns: {@code tag (repository, name)} */
    record Row(String into, Object... values) {}

    int digest(String text) {
        return digests.computeIfAbsent(text, key -> digests.size() + 1);
    }

    int repository(String name) {
        return repositories.computeIfAbsent(name, key -> repositories.size() + 1);
    }

    int repositories() {
        return repositories.size();
    }

    void fill(Connection db, List<RunRecord> life, TestRegistry registry, PlainMark mark, List<Row> evidence)
            throws SQLException, IOException {
        db.setAutoCommit(false);
        try (Statement create = db.createStatement();
                InputStream tables = IndexTables.class.getResourceAsStream(TABLES)) {
            create.executeUpdate(new String(tables.readAllBytes(), StandardCharsets.UTF_8));
        }
        life(db, life);
        registry(db, registry);
        mark(db, mark);
        for (var each : repositories.entrySet()) {
            insert(
                    db,
                    "repository (id, name, manifests, tags, layer_links, record)",
                    each.getValue(),
                    each.getKey(),
                    0,
                    0,
                    0,
                    1);
        }
        for (var each : digests.entrySet()) {
            insert(db, "digest (id, text)", each.getValue(), each.getKey());
        }
        for (Row row : evidence) {
            insert(db, row.into(), row.values());
        }
        db.commit();
        db.setAutoCommit(true);
    }

    private static void life(Connection db, List<RunRecord> life) throws SQLException {
        int record = 1;
        for (RunRecord each : life) {
            String json = json(each);
            String type = json.replaceAll(".*\"type\":\"([a-z-]+)\".*", "$1");
            insert(db, "life (record, type, json)", record++, type, json);
        }
    }

    private static String json(RunRecord record) {
        try {
            return JsonSerde.MAPPER.writerFor(RunRecord.class).writeValueAsString(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void registry(Connection db, TestRegistry registry) throws SQLException {
        for (var each : registry.blobs.entrySet()) {
            var blob = each.getValue();
            int digest = digest(each.getKey());
            insert(
                    db,
                    "blob (digest, size, modified, pinned, record)",
                    digest,
                    blob.size(),
                    blob.modified(),
                    blob.pinned(),
                    1);
        }
        for (Manifest manifest : registry.manifests) {
            manifest(db, manifest, registry.isLetGo(manifest));
        }
        for (Tag tag : registry.tags) {
            int repository = repository(tag.repository());
            insert(
                    db,
                    "tag (repository, name, digest, current, going)",
                    repository,
                    tag.name(),
                    digest(tag.digest()),
                    tag.current(),
                    tag.goes() ? TestIndex.OLD : null);
            if (tag.verdict() != null) {
                insert(
                        db,
                        "tagged (repository, name, digest, pushed, history, kept, policy, rule, why, until, record)",
                        repository,
                        tag.name(),
                        digest(tag.digest()),
                        TestIndex.OLD,
                        "[]",
                        tag.verdict().kept(),
                        "all",
                        tag.verdict().rule(),
                        tag.verdict().why(),
                        tag.verdict().until(),
                        1);
            }
        }
        for (Link link : registry.links) {
            insert(
                    db,
                    "layer (digest, repository, modified, target, pinned, record)",
                    digest(link.digest()),
                    repository(link.repository()),
                    link.modified(),
                    link.target() == null ? null : digest(link.target()),
                    link.pinned(),
                    1);
        }
    }

    private void manifest(Connection db, Manifest manifest, boolean letGo) throws SQLException {
        int digest = digest(manifest.digest());
        int repository = repository(manifest.repository());
        insert(
                db,
                "manifest (digest, repository, media_type, size, modified, subject, pinned, let_go, dangling, record)",
                digest,
                repository,
                manifest.mediaType(),
                manifest.dangling() ? 0 : 10,
                manifest.modified(),
                manifest.subject() == null ? null : digest(manifest.subject()),
                manifest.pinned(),
                letGo,
                manifest.dangling(),
                1);
        int position = 0;
        for (String child : manifest.all()) {
            boolean optional = position >= manifest.references().size();
            insert(
                    db,
                    "reference (parent, repository, position, child, optional, said)",
                    digest,
                    repository,
                    position++,
                    digest(child),
                    optional,
                    manifest.said().get(child));
        }
    }

    private void mark(Connection db, PlainMark mark) throws SQLException {
        for (var each : mark.live.entrySet()) {
            var reason = each.getValue();
            insert(
                    db,
                    "live (digest, rule, distance, parent, repository)",
                    digest(each.getKey()),
                    reason.rule(),
                    reason.distance(),
                    reason.parent() == null ? null : digest(reason.parent()),
                    reason.repository() == null ? null : repository(reason.repository()));
        }
        for (var link : mark.liveLinks) {
            insert(db, "live_link (digest, repository)", digest(link.digest()), repository(link.repository()));
        }
    }

    private static void insert(Connection db, String into, Object... values) throws SQLException {
        String marks = String.join(", ", Collections.nCopies(values.length, "?"));
        try (PreparedStatement insert = db.prepareStatement("INSERT INTO " + into + " VALUES (" + marks + ")")) {
            for (int i = 0; i < values.length; i++) {
                insert.setObject(i + 1, values[i] instanceof Boolean b ? (Object) (b ? 1 : 0) : values[i]);
            }
            insert.executeUpdate();
        }
    }
}
