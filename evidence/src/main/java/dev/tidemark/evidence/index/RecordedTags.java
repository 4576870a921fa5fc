package dev.tidemark.evidence.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.TagsRecord.Past;
import dev.tidemark.schemas.TagsRecord.Subject;
import dev.tidemark.schemas.TagsRecord.Tag;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tags of a run's repositories, as they are recorded. */
public final class RecordedTags {

    private static final ObjectReader HISTORY = JsonSerde.MAPPER.readerFor(new TypeReference<List<Past>>() {});
    private static final ObjectReader SUBJECT = JsonSerde.MAPPER.readerFor(Subject.class);

    private static final String TAGS = """
        SELECT g.name, d.text, g.pushed, g.pulled, g.history, g.held, g.subject, g.kept, g.policy, g.rule, g.why,
          g.until, g.record
        FROM tagged g JOIN digest d ON d.id = g.digest WHERE g.repository = ? ORDER BY g.name""";

    private RecordedTags() {}

    /**
     * A repository.
     *
     * @param whole whether its tags are those that were written: the sum of their checksums is what it was
     */
    public record Repository(long id, String name, boolean whole) {}

    /** A tag, and the record that it is in. */
    public record Row(Tag tag, long record) {}

    /** The repositories whose own record is there. */
    public static List<Repository> repositories(Connection index) {
        Map<Long, Checksum> sums = new HashMap<>();
        Sql.each(
                index,
                "SELECT repository, sum FROM tag_pack",
                row -> sums.merge(row.getLong(1), Checksum.parse(row.getString(2)), Checksum::plus));
        List<Repository> repositories = new ArrayList<>();
        Sql.each(
                index,
                "SELECT id, name, tagged FROM repository WHERE record IS NOT NULL ORDER BY id",
                row -> repositories.add(new Repository(
                        row.getLong(1),
                        row.getString(2),
                        sums.getOrDefault(row.getLong(1), Checksum.NONE).equals(Checksum.parse(row.getString(3))))));
        return repositories;
    }

    /** The tags of a repository, by name. */
    public static List<Row> of(Connection index, long repository) {
        List<Row> tags = new ArrayList<>();
        Sql.each(index, TAGS, row -> tags.add(new Row(tag(row), row.getLong("record"))), repository);
        return tags;
    }

    private static Tag tag(ResultSet row) throws SQLException {
        return new Tag(
                row.getString("name"),
                Digest.parse(row.getString("text")),
                row.getLong("pushed"),
                IndexReader.integer(row, "pulled"),
                read(HISTORY, row.getString("history")),
                row.getString("held"),
                read(SUBJECT, row.getString("subject")),
                VerdictRow.of(row));
    }

    private static <T> T read(ObjectReader reader, String json) {
        try {
            return json == null ? null : reader.readValue(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what the index holds was written by it: " + json, e);
        }
    }
}
