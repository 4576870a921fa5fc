package dev.tidemark.evidence.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The numbers of digests, or of repositories. Those that were asked for last are remembered, the others are looked up.
 */
final class Ids<K> {

    private static final int REMEMBERED = 100_000;

    private final PreparedStatement find;
    private final Insert insert;
    private final Map<K, Long> recent = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Long> eldest) {
            return size() > REMEMBERED;
        }
    };
    private long last;

    /** @param column whose text is that of the key */
    Ids(Connection connection, String table, String column) {
        try {
            find = connection.prepareStatement("SELECT id FROM " + table + " WHERE " + column + " = ?");
            insert = new Insert(connection, "INSERT INTO " + table + " (id, " + column + ") VALUES (?, ?)");
            last = Sql.number(connection, "SELECT coalesce(max(id), 0) FROM " + table);
        } catch (SQLException e) {
            throw IndexException.because(e);
        }
    }

    /** The key's number: a new one if it has none. */
    long of(K key) {
        Long known = recent.get(key);
        if (known == null) {
            known = numbered(key.toString());
            recent.put(key, known);
        }
        return known;
    }

    private long numbered(String text) {
        try {
            find.setString(1, text);
            try (ResultSet found = find.executeQuery()) {
                if (found.next()) {
                    return found.getLong(1);
                }
            }
        } catch (SQLException e) {
            throw IndexException.because(e);
        }
        insert.of(++last, text);
        return last;
    }
}
