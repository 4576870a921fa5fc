package dev.tidemark.policy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A list of patterns, as a policy has it: a name has to match one of some, and none of those with a "!". */
record NamePatterns(List<NamePattern> some, List<NamePattern> none) {

    NamePatterns {
        some = List.copyOf(some);
        none = List.copyOf(none);
    }

    boolean matches(String name) {
        return first(name).isPresent();
    }

    /** The first pattern that a name matches, if it is meant. */
    Optional<NamePattern> first(String name) {
        return none.stream().anyMatch(pattern -> pattern.matches(name))
                ? Optional.empty()
                : some.stream().filter(pattern -> pattern.matches(name)).findFirst();
    }

    /** Whether it can be seen that every name of another list is in this one. */
    boolean covers(NamePatterns other) {
        return none.stream().allMatch(pattern -> covered(pattern, other.none))
                && other.some.stream().allMatch(pattern -> covered(pattern, some));
    }

    /** Whether it can be seen that no name is in it. */
    boolean isEmpty() {
        return some.stream().allMatch(pattern -> covered(pattern, none));
    }

    private static boolean covered(NamePattern pattern, List<NamePattern> by) {
        return by.stream().anyMatch(wide -> wide.covers(pattern));
    }

    @Override
    public String toString() {
        return Stream.concat(some.stream().map(NamePattern::text), none.stream().map(pattern -> "!" + pattern.text()))
                .collect(Collectors.joining(", "));
    }
}
