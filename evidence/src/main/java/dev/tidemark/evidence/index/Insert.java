package dev.tidemark.evidence.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** A statement that is executed again and again. */
public final class Insert {

    private final PreparedStatement statement;

    public Insert(Connection connection, String sql) {
        try {
            statement = connection.prepareStatement(sql);
        } catch (SQLException e) {
            throw IndexException.because(e);
        }
    }

    /** Returns whether it changed anything. */
    public boolean of(Object... values) {
        try {
            for (int i = 0; i < values.length; i++) {
                switch (values[i]) {
                    case null -> statement.setNull(i + 1, java.sql.Types.NULL);
                    case String text -> statement.setString(i + 1, text);
                    case Integer number -> statement.setInt(i + 1, number);
                    case Long number -> statement.setLong(i + 1, number);
                    case Boolean truth -> statement.setInt(i + 1, truth ? 1 : 0);
                    default -> throw new IllegalArgumentException("no column is of " + values[i].getClass());
                }
            }
            return statement.executeUpdate() > 0;
        } catch (SQLException e) {
            throw IndexException.because(e);
        }
    }
}
