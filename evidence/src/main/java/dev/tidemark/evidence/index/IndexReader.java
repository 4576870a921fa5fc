package dev.tidemark.evidence.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks an index, with each query prepared once. */
public final class IndexReader implements AutoCloseable {

    private final Connection connection;
    private final Map<Query, PreparedStatement> prepared = new HashMap<>();

    public IndexReader(Connection connection) {
        this.connection = connection;
    }

    /** A query that is asked again and again, with other parameters: a constant. */
    public interface Query {
        String sql();
    }

    /** Reads a value from a row. */
    public interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** Looks at rows until it has seen enough. */
    public interface Look {
        /** Whether the next row is wanted, too. */
        boolean at(ResultSet row) throws SQLException;
    }

    public <T> List<T> list(Query query, Row<T> row, Object... parameters) {
        var list = new ArrayList<T>();
        each(query, result -> list.add(row.of(result)), parameters);
        return list;
    }

    /** The value of the first row; empty if there is no row, or its value is null. */
    public <T> Optional<T> first(Query query, Row<T> row, Object... parameters) {
        var first = new ArrayList<T>(1);
        each(
                query,
                result -> {
                    first.add(row.of(result));
                    return false;
                },
                parameters);
        return first.isEmpty() ? Optional.empty() : Optional.ofNullable(first.getFirst());
    }

    public boolean any(Query query, Object... parameters) {
        return first(query, row -> true, parameters).isPresent();
    }

    public long number(Query query, Object... parameters) {
        return first(query, row -> row.getLong(1), parameters).orElse(0L);
    }

    public void each(Query query, Look look, Object... parameters) {
        try {
            PreparedStatement statement = statement(query);
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    if (!look.at(rows)) {
                        return;
                    }
                }
            }
        } catch (SQLException e) {
            throw IndexException.because(e);
        }
    }

    private PreparedStatement statement(Query query) throws SQLException {
        PreparedStatement statement = prepared.get(query);
        if (statement == null) {
            statement = connection.prepareStatement(query.sql());
            prepared.put(query, statement);
        }
        return statement;
    }

    /** The integer in a column, or null. */
    public static Long integer(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    @Override
    public void close() {
        for (PreparedStatement statement : prepared.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                throw IndexException.because(e);
            }
        }
    }
}
