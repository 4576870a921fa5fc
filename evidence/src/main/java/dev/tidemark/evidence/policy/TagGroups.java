package dev.tidemark.evidence.policy;

import dev.tidemark.evidence.index.Insert;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.evidence.index.VerdictRow;
import dev.tidemark.schemas.TagsRecord.Verdict;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tags of a run with a policy, by repository and rule. */
public final class TagGroups {

    private static final String TAGGED = """
        SELECT g.repository, p.name, g.name AS tag, g.pushed, g.kept, g.policy, g.rule, g.why, g.until
        FROM tagged g JOIN repository p ON p.id = g.repository WHERE g.kept IS NOT NULL ORDER BY p.name, g.name""";

    /**
     * Of each rule, the bytes of the eligible blobs that its going tags lead to. Rules that lead to the same blob share
     * it evenly, and the first of them has the rest.
     */
    private static final String FREED = """
        WITH RECURSIVE led (place, repository, digest) AS (
          SELECT u.place, g.repository, g.digest FROM temp.rule u CROSS JOIN tagged g ON g.repository = u.repository
            AND g.rule IS u.rule AND g.policy IS u.policy
          WHERE NOT g.kept AND NOT EXISTS (SELECT 1 FROM live l WHERE l.digest = g.digest)
          UNION
          SELECT d.place, d.repository, r.child FROM led d JOIN reference r ON r.parent = d.digest
            AND r.repository = d.repository
          WHERE NOT EXISTS (SELECT 1 FROM live l WHERE l.digest = r.child)
          UNION
          SELECT d.place, d.repository, m.digest FROM led d JOIN manifest m ON m.subject = d.digest
            AND m.repository = d.repository
          WHERE NOT EXISTS (SELECT 1 FROM live l WHERE l.digest = m.digest)),
        share AS (
          SELECT d.place, b.size, count(*) OVER (PARTITION BY d.digest) AS number,
            row_number() OVER (PARTITION BY d.digest ORDER BY d.place) AS turn
          FROM led d JOIN blob b ON b.digest = d.digest)
        SELECT place, sum(size / number + iif(turn = 1, size % number, 0)) FROM share GROUP BY place""";

    private record Rule(long repository, String policy, String rule) {}

    private TagGroups() {}

    /**
     * Reads them from a run's index: those first that free the most.
     *
     * @return empty if the run has no policy, or no tags
     */
    public static List<TagGroup> of(Connection index) {
        Map<Rule, TagGroup> byRule = new LinkedHashMap<>();
        Sql.each(index, TAGGED, row -> {
            Verdict verdict = VerdictRow.of(row);
            byRule.merge(
                    new Rule(row.getLong("repository"), verdict.policy(), verdict.rule()),
                    TagGroup.of(row.getString("name"), row.getString("tag"), row.getLong("pushed"), verdict),
                    TagGroup::plus);
        });
        List<TagGroup> groups = new ArrayList<>(byRule.values());
        freed(index, List.copyOf(byRule.keySet()))
                .forEach((place, bytes) -> groups.set(place, groups.get(place).freeing(bytes)));
        return groups.stream().sorted(TagGroup.MOST).toList();
    }

    /** By place in the list, the bytes that a rule frees. */
    private static Map<Integer, Long> freed(Connection index, List<Rule> rules) {
        Sql.runAll(
                index,
                List.of(
                        "DROP TABLE IF EXISTS temp.rule",
                        "CREATE TEMP TABLE rule (place INTEGER PRIMARY KEY, repository INTEGER NOT NULL, policy TEXT, "
                                + "rule TEXT)"));
        var insert = new Insert(index, "INSERT INTO temp.rule VALUES (?, ?, ?, ?)");
        for (int place = 0; place < rules.size(); place++) {
            Rule rule = rules.get(place);
            insert.of(place, rule.repository(), rule.policy(), rule.rule());
        }
        Map<Integer, Long> freed = new LinkedHashMap<>();
        Sql.each(index, FREED, row -> freed.put(row.getInt(1), row.getLong(2)));
        return freed;
    }
}
