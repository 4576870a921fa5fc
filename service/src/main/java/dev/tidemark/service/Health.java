package dev.tidemark.service;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Whether a service lives, and whether it is ready: by conditions that whoever knows adds. */
public final class Health {

  private final Map<String, Supplier<Optional<String>>> live = new ConcurrentHashMap<>();
  private final Map<String, Supplier<Optional<String>>> ready = new ConcurrentHashMap<>();

  /**
   * A condition of its life: where it doesn't hold, the service is to be restarted.
   *
   * @param problem what is wrong, in words; empty if nothing is
   */
  public void live(String name, Supplier<Optional<String>> problem) {
    live.put(name, problem);
  }

  /** A condition of its readiness. */
  public void ready(String name, Supplier<Optional<String>> problem) {
    ready.put(name, problem);
  }

  /** What is wrong, by the conditions' names; empty if it lives. */
  public Map<String, String> notLive() {
    return problems(live);
  }

  /** What is wrong, by the conditions' names; empty if it lives and is ready. */
  public Map<String, String> notReady() {
    Map<String, String> problems = problems(live);
    problems.putAll(problems(ready));
    return problems;
  }

  private static Map<String, String> problems(Map<String, Supplier<Optional<String>>> conditions) {
    var problems = new LinkedHashMap<String, String>();
    conditions.forEach((name, condition) -> problem(condition).ifPresent(problem -> problems.put(name, problem)));
    return problems;
  }

  /** What cannot be told is not well: whoever asks is owed an answer. */
  private static Optional<String> problem(Supplier<Optional<String>> condition) {
    try {
      return condition.get();
    } catch (RuntimeException e) {
      return Optional.of("it cannot be told: " + e);
    }
  }
}
