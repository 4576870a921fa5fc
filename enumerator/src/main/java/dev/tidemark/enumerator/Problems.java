package dev.tidemark.enumerator;

import dev.tidemark.schemas.Problem;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts problems and keeps the first few of each kind. */
final class Problems {

  private static final int EXAMPLES = 20;

  private final Map<Problem.Kind, Long> counts = new EnumMap<>(Problem.Kind.class);
  private final List<Problem> examples = new ArrayList<>();

  void add(Problem.Kind kind, String where, String why) {
    add(new Problem(kind, where, why));
  }

  synchronized void add(Problem problem) {
    if (counts.merge(problem.kind(), 1L, Long::sum) <= EXAMPLES) {
      examples.add(problem);
    }
  }

  void addAll(Problems others) {
    Map<Problem.Kind, Long> otherCounts = others.counts();
    List<Problem> otherExamples = others.examples();
    synchronized (this) {
      otherExamples.stream()
          .filter(problem -> examples.stream().filter(e -> e.kind() == problem.kind()).count() < EXAMPLES)
          .forEach(examples::add);
      otherCounts.forEach((kind, count) -> counts.merge(kind, count, Long::sum));
    }
  }

  synchronized Map<Problem.Kind, Long> counts() {
    return Map.copyOf(counts);
  }

  synchronized List<Problem> examples() {
    return List.copyOf(examples);
  }
}
