package dev.tidemark.service.health;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The health of a service: it lives, and it is ready, as long as every condition of that kind holds. Any part of the
 * service adds conditions.
 */
public final class Health {

    private final Map<String, Supplier<Optional<String>>> live = new ConcurrentHashMap<>();
    private final Map<String, Supplier<Optional<String>>> ready = new ConcurrentHashMap<>();

    /**
     * Adds a condition of its life. A service for which it doesn't hold is to be restarted.
     *
     * @param problem the fault, in words; empty if there is none
     */
    public void live(String name, Supplier<Optional<String>> problem) {
        live.put(name, problem);
    }

    /** Adds a condition of its readiness. */
    public void ready(String name, Supplier<Optional<String>> problem) {
        ready.put(name, problem);
    }

    /** The problems, by the conditions' names; empty if it lives. */
    public Map<String, String> notLive() {
        return problems(live);
    }

    /** The problems, by the conditions' names; empty if it lives and is ready. */
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

    /** A condition that fails to answer doesn't hold: the question has to be answered. */
    private static Optional<String> problem(Supplier<Optional<String>> condition) {
        try {
            return condition.get();
        } catch (RuntimeException e) {
            return Optional.of("it cannot be told: " + e);
        }
    }
}
