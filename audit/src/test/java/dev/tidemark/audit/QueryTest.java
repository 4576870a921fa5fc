package dev.tidemark.audit;

import static org.assertj.core.api.Assertions.assertThat;

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

class QueryTest {

  /** Tables that stay small however large the registry is. */
  private static final Set<Query> OF_A_SMALL_TABLE = EnumSet.of(Query.LIFE, Query.PROBLEM);

  /** What only counts rows has to read them, in next to no time. */
  private static final Set<Query> THAT_ONLY_COUNT = EnumSet.of(Query.ALL_BLOBS, Query.ALL_MANIFESTS, Query.ALL_LINKS);

  @ParameterizedTest
  @EnumSource
  void readsNoTableFromEndToEnd(Query query) throws SQLException {
    List<String> plan = plan(query.sql());

    if (OF_A_SMALL_TABLE.contains(query) || THAT_ONLY_COUNT.contains(query)) {
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
