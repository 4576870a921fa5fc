package dev.tidemark.evidence.index;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.TagsRecord;
import java.sql.Connection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the enumerator's records into the index: repositories and their tags, and the manifests, blobs and layer links
 * that the mark is computed from.
 */
final class InputLoader {

    private static final ObjectReader REPOSITORIES = RecordRows.strict(RepositoryRecord.class);
    private static final ObjectReader TAGS = RecordRows.strict(TagsRecord.class);
    private static final ObjectReader ENUMERATED = JsonSerde.MAPPER.readerFor(EnumeratedRecord.class);

    private final RecordRows rows;
    private final Insert repository;
    private final Insert problem;
    private final Insert blob;
    private final Insert manifest;
    private final Insert tag;
    private final Insert tagPack;
    private final Insert tagged;
    private final Insert reference;
    private final Insert layer;
    private final Insert leftover;

    InputLoader(Connection connection, RecordRows rows) {
        this.rows = rows;
        repository = new Insert(
                connection,
                "UPDATE repository SET manifests = ?, tags = ?, going = ?, layer_links = ?, tagged = ?, record = ?, "
                        + "checksum = ? WHERE id = ? AND record IS NULL");
        problem = new Insert(connection, "INSERT INTO problem VALUES (?, ?, ?, ?, ?)");
        blob = new Insert(connection, "INSERT OR IGNORE INTO blob VALUES (?, ?, ?, ?, ?)");
        manifest = new Insert(connection, "INSERT OR IGNORE INTO manifest VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        tag = new Insert(connection, "INSERT OR IGNORE INTO tag VALUES (?, ?, ?, ?, ?)");
        tagPack = new Insert(connection, "INSERT INTO tag_pack VALUES (?, ?, ?)");
        tagged = new Insert(
                connection, "INSERT OR IGNORE INTO tagged VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        reference = new Insert(connection, "INSERT OR IGNORE INTO reference VALUES (?, ?, ?, ?, ?, ?)");
        layer = new Insert(connection, "INSERT OR IGNORE INTO layer VALUES (?, ?, ?, ?, ?, ?)");
        leftover = new Insert(connection, "INSERT OR IGNORE INTO leftover VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    }

    void addRepository(Entry entry) {
        RepositoryRecord said = rows.ofRun(entry) ? rows.read(REPOSITORIES, entry) : null;
        if (said == null) {
            return;
        }
        long id = rows.record(entry, "repository");
        long number = rows.repositories.of(said.repository());
        if (!repository.of(
                said.manifests(),
                said.tags(),
                said.going(),
                said.layerLinks(),
                said.tagged().toString(),
                id,
                Checksum.of(entry.value()).toString(),
                number)) {
            rows.duplicate("repository", null, number, id);
        }
        for (Problem found : said.problems()) {
            problem.of(
                    number,
                    String.valueOf(found.kind()),
                    String.valueOf(found.where()),
                    String.valueOf(found.why()),
                    id);
        }
    }

    void addTags(Entry entry) {
        TagsRecord said = rows.ofRun(entry) ? rows.read(TAGS, entry) : null;
        if (said == null) {
            return;
        }
        long id = rows.record(entry, "tags");
        long in = rows.repositories.of(said.repository());
        tagPack.of(id, in, Checksum.of(entry.value()).toString());
        for (TagsRecord.Tag one : said.tags()) {
            long digest = rows.digests.of(one.digest());
            Optional<TagsRecord.Verdict> verdict = Optional.ofNullable(one.verdict());
            if (!tagged.of(
                    in,
                    one.name(),
                    digest,
                    one.pushed(),
                    one.pulled(),
                    RecordRows.json(one.history()),
                    one.held(),
                    one.subject() == null ? null : RecordRows.json(one.subject()),
                    verdict.map(TagsRecord.Verdict::kept).orElse(null),
                    verdict.map(TagsRecord.Verdict::policy).orElse(null),
                    verdict.map(TagsRecord.Verdict::rule).orElse(null),
                    verdict.map(TagsRecord.Verdict::why).orElse(null),
                    verdict.map(TagsRecord.Verdict::until).orElse(null),
                    id)) {
                rows.duplicate("tag " + one.name() + " of", digest, in, id);
            }
        }
    }

    void add(EnumeratedRecord.Input input, Entry entry) {
        EnumeratedRecord said = rows.ofRun(entry) ? rows.read(ENUMERATED, entry) : null;
        if (said == null) {
            return;
        }
        switch (said) {
            case EnumeratedRecord.StartOfInput start -> rows.told(entry, "start-of-input");
            case EnumeratedRecord.EndOfInput end -> rows.told(entry, "end-of-input");
            case EnumeratedRecord.Manifests pack -> onManifests(entry, input, pack);
            case EnumeratedRecord.Blobs pack -> onBlobs(entry, input, pack);
            case EnumeratedRecord.Layers pack -> onLayers(entry, input, pack);
        }
    }

    /** The row of a record of the input, which is summed up. */
    private long enumerated(Entry entry, EnumeratedRecord.Input of, EnumeratedRecord.Input topic, String type) {
        long id = rows.record(entry, type);
        rows.sum(entry);
        if (of != topic) {
            rows.misplaced(id, "a record of " + of.name().toLowerCase(Locale.ROOT) + " in another topic");
        }
        return id;
    }

    private void onManifests(Entry entry, EnumeratedRecord.Input topic, EnumeratedRecord.Manifests pack) {
        long id = enumerated(entry, EnumeratedRecord.Input.MANIFESTS, topic, "manifests");
        for (EnumeratedRecord.Manifest one : pack.manifests()) {
            rows.place(one.digest(), entry, id);
            long digest = rows.digests.of(one.digest());
            long in = rows.repositories.of(pack.repository());
            Long subject = one.subject() == null ? null : rows.digests.of(one.subject());
            if (!manifest.of(
                    digest,
                    in,
                    one.mediaType(),
                    one.size(),
                    one.modified(),
                    subject,
                    one.pinned(),
                    Boolean.TRUE.equals(one.letGo()),
                    one.dangling(),
                    id)) {
                rows.duplicate("manifest", digest, in, id);
                continue;
            }
            tags(one, in, digest);
            int position = 0;
            for (Digest child : one.references()) {
                reference.of(
                        digest, in, position, rows.digests.of(child), false, RecordRows.said(one.sizes(), position));
                position++;
            }
            for (Digest child : one.optionalReferences()) {
                reference.of(digest, in, position++, rows.digests.of(child), true, null);
            }
        }
    }

    private void tags(EnumeratedRecord.Manifest manifest, long in, long digest) {
        Map<String, Long> going = new HashMap<>();
        manifest.going().forEach(one -> going.put(one.tag(), one.pushed()));
        manifest.tags().forEach(name -> tag.of(in, name, digest, true, going.remove(name)));
        // None is left: one that goes names it, too.
        going.forEach((name, pushed) -> tag.of(in, name, digest, true, pushed));
        manifest.history().forEach(name -> tag.of(in, name, digest, false, null));
    }

    private void onBlobs(Entry entry, EnumeratedRecord.Input topic, EnumeratedRecord.Blobs pack) {
        long id = enumerated(entry, EnumeratedRecord.Input.BLOBS, topic, "blobs");
        for (EnumeratedRecord.Blob one : pack.blobs()) {
            rows.place(one.digest(), entry, id);
            long digest = rows.digests.of(one.digest());
            if (!blob.of(digest, one.size(), one.modified(), one.pinned(), id)) {
                rows.duplicate("blob", digest, null, id);
            }
        }
    }

    private void onLayers(Entry entry, EnumeratedRecord.Input topic, EnumeratedRecord.Layers pack) {
        long id = enumerated(entry, EnumeratedRecord.Input.LAYERS, topic, "layers");
        for (EnumeratedRecord.Layer one : pack.layers()) {
            rows.place(one.digest(), entry, id);
            long digest = rows.digests.of(one.digest());
            long in = rows.repositories.of(pack.repository());
            Long target = one.target() == null ? null : rows.digests.of(one.target());
            if (!layer.of(digest, in, one.modified(), target, one.pinned(), id)) {
                rows.duplicate("layer", digest, in, id);
            }
        }
        for (EnumeratedRecord.Leftover one : pack.leftovers()) {
            rows.place(one.digest(), entry, id);
            long digest = rows.digests.of(one.digest());
            long in = rows.in(pack.repository());
            String kind = RecordRows.name(one.kind());
            String path = RecordRows.name(null, one.path());
            if (!leftover.of(digest, kind, in, path, one.modified(), one.bytes(), one.pinned(), id)) {
                rows.duplicate(kind, digest, in, id);
            }
        }
    }
}
