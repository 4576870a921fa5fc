package dev.tidemark.evidence.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.TestIndex;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuestionTest {

    /** It reads a table that stays small however large the registry is. */
    private static final Set<Question> OF_A_SMALL_TABLE = EnumSet.of(Question.PROBLEM);

    @ParameterizedTest
    @EnumSource
    void readsNoLargeTableFromEndToEnd(Question question) throws SQLException {
        List<String> plan = plan(question.sql());

        if (OF_A_SMALL_TABLE.contains(question)) {
            assertThat(plan).anyMatch(step -> step.startsWith("SCAN"));
        } else {
            assertThat(plan).noneMatch(step -> step.matches("SCAN (?!CONSTANT ROW|above|a$|\\(subquery).*"));
        }
    }

    private static List<String> plan(String sql) throws SQLException {
        List<String> plan = new ArrayList<>();
        try (Connection index = TestIndex.index().open();
                Statement statement = index.createStatement();
                ResultSet steps = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            while (steps.next()) {
                plan.add(steps.getString("detail"));
            }
        }
        assertThat(plan).isNotEmpty();
        return plan;
    }
}
