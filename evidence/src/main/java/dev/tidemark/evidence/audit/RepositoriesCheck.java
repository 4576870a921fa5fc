package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Topics;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the record of each repository against the word of its reader, and against what is there of it. */
final class RepositoriesCheck {

    private final Connection connection;
    private final Topics topics;
    private final Retention retention;
    private final Findings findings;

    RepositoriesCheck(Connection connection, Topics topics, Retention retention, Findings findings) {
        this.connection = connection;
        this.topics = topics;
        this.retention = retention;
        this.findings = findings;
    }

    /**
     * @param whole all records of the enumerated manifests, layer links and blobs are there
     * @param options of the run, if they are known
     */
    void check(boolean whole, Optional<Options> options) {
        Sql.runAll(connection, List.of("DROP TABLE IF EXISTS temp.done_repository", """
        CREATE TEMP TABLE done_repository AS SELECT p.id, json_extract(l.json, '$.manifests') AS manifests,
          json_extract(l.json, '$.tags') AS tags, json_extract(l.json, '$.going') AS going,
          json_extract(l.json, '$.layerLinks') AS layer_links,
          json_extract(l.json, '$.said') AS said, l.record, json_extract(l.json, '$.repository') AS name
        FROM life l LEFT JOIN repository p ON p.name = json_extract(l.json, '$.repository')
        WHERE l.type = 'done' AND json_extract(l.json, '$.repository') IS NOT NULL"""));
        boolean cut = false;
        if (Sql.number(
                        connection,
                        "SELECT count(*) FROM temp.done_repository d LEFT JOIN repository p ON p.id = d.id WHERE "
                                + "p.record IS NULL")
                > 0) {
            for (Map.Entry<Integer, Boolean> partition :
                    retention.partitions(topics.repositories()).entrySet()) {
                if (partition.getValue()) {
                    cut = true;
                    findings.gap(retention.words(topics.repositories(), partition.getKey()));
                }
            }
        }
        if (!cut) {
            findings.addAll(Finding.Kind.MISSING, """
          SELECT 'there is no record of the repository ' || d.name, d.record FROM temp.done_repository d
            LEFT JOIN repository p ON p.id = d.id
          WHERE p.record IS NULL""");
        }
        findings.addAll(Finding.Kind.UNEXPECTED, """
        SELECT 'nothing says that the repository ' || p.name || ' was read', p.record FROM repository p
        WHERE p.record IS NOT NULL AND p.id NOT IN (SELECT id FROM temp.done_repository WHERE id IS NOT NULL)
          AND EXISTS (SELECT 1 FROM life WHERE type = 'done')""");
        findings.addAll(Finding.Kind.CONTRADICTION, """
        SELECT 'the repository ' || p.name || ' is said to hold other numbers than were read', p.record
        FROM temp.done_repository d JOIN repository p ON p.id = d.id
        WHERE p.record IS NOT NULL AND (p.manifests, p.tags, p.going, p.layer_links)
          <> (d.manifests, d.tags, d.going, d.layer_links)""");
        findings.addAll(Finding.Kind.ALTERED, """
        SELECT 'what is said of the repository ' || p.name || ' is not what was written', p.record
        FROM temp.done_repository d JOIN repository p ON p.id = d.id WHERE p.record IS NOT NULL
          AND d.said <> p.checksum""");
        if (whole) {
            findings.addAll(Finding.Kind.CONTRADICTION, """
          WITH held AS (SELECT repository, count(*) AS n FROM manifest GROUP BY repository),
               linked AS (SELECT repository, count(*) AS n FROM layer GROUP BY repository)
          SELECT 'the repository ' || p.name || ' is said to hold ' || p.manifests || ' manifests and ' || p.layer_links
            || ' layer links, and has '
            || coalesce(h.n, 0) || ' and ' || coalesce(k.n, 0), p.record
          FROM repository p LEFT JOIN held h ON h.repository = p.id LEFT JOIN linked k ON k.repository = p.id
          WHERE p.record IS NOT NULL AND (coalesce(h.n, 0) <> p.manifests OR coalesce(k.n, 0) <> p.layer_links)""");
            options.ifPresent(this::newestLinks);
        }
    }

    /** The newest link of each repository that is not young: by it a sweeper knows a copy from its original. */
    private void newestLinks(Options options) {
        findings.addAll(Finding.Kind.CONTRADICTION, """
          WITH link AS (SELECT repository, modified FROM manifest UNION ALL SELECT repository, modified FROM layer),
               old AS (SELECT repository, max(modified) AS newest FROM link WHERE modified < ? GROUP BY repository),
               said AS (SELECT json_extract(json, '$.item') AS item, json_extract(json, '$.repository') AS name,
                   json_extract(json, '$.fingerprint.newestLink') AS newest, record
                 FROM life WHERE type = 'done')
          SELECT 'the newest link of item ' || s.item || ' that is not young is said to be of ' || s.newest
            || ', and is of ' || coalesce(o.newest, 0), s.record
          FROM said s LEFT JOIN repository p ON p.name = s.name LEFT JOIN old o ON o.repository = p.id
          WHERE s.newest <> coalesce(o.newest, 0)""", options.cutoff());
    }
}
