package dev.tidemark.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Finds what never matches in a list whose first match decides: others before it have all that it has. */
final class Shadows {

    private record Earlier(int line, NamePatterns patterns) {}

    private final List<Earlier> earlier = new ArrayList<>();

    /** Takes the next of the list. Returns the lines of others that have all of it, as far as that can be seen. */
    SortedSet<Integer> add(int line, NamePatterns patterns) {
        SortedSet<Integer> lines = new TreeSet<>();
        boolean all = true;
        for (NamePattern pattern : patterns.some()) {
            NamePatterns one = new NamePatterns(List.of(pattern), patterns.none());
            Optional<Earlier> first =
                    earlier.stream().filter(each -> each.patterns().covers(one)).findFirst();
            first.ifPresent(each -> lines.add(each.line()));
            all &= first.isPresent();
        }
        earlier.add(new Earlier(line, patterns));
        return all ? lines : new TreeSet<>();
    }
}
