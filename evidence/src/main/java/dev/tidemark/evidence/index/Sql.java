package dev.tidemark.evidence.index;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;

/** Plain SQL: scripts that ship with the module, and single statements. */
public final class Sql {

    private Sql() {}

    /** A reader of one row. */
    public interface Row {
        void read(ResultSet row) throws SQLException;
    }

    /**
     * A script's statements, without its comments.
     *
     * @param beside the class in whose package it is
     */
    public static List<String> script(Class<?> beside, String name) {
        String bare = text(beside, name).replaceAll("(?m)--.*$", "");
        return Arrays.stream(bare.split(";"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    static String text(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }

    /** Returns how many rows it changed. */
    public static int run(Connection connection, String sql, Object... values) {
        try (PreparedStatement statement = prepared(connection, sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw IndexException.because(e);
        }
    }

    public static void runAll(Connection connection, List<String> statements) {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw IndexException.because(e);
        }
    }

    public static long number(Connection connection, String sql, Object... values) {
        long[] number = {0};
        each(connection, sql, row -> number[0] = row.getLong(1), values);
        return number[0];
    }

    /** The file of an index. */
    public static String file(Connection index) {
        String[] file = {null};
        each(index, "SELECT file FROM pragma_database_list WHERE name = 'main'", row -> file[0] = row.getString(1));
        return file[0];
    }

    public static void each(Connection connection, String sql, Row each, Object... values) {
        try (PreparedStatement statement = prepared(connection, sql, values);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                each.read(rows);
            }
        } catch (SQLException e) {
            throw IndexException.because(e);
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
