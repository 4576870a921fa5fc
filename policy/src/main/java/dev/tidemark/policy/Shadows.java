package dev.tidemark.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.Node;

/** Finds what never matches in a list whose first match decides: others before it have all that it has. */
final class Shadows {

    private record Earlier(int line, NamePatterns patterns) {}

    private final Faults faults;
    private final List<Earlier> earlier = new ArrayList<>();

    Shadows(Faults faults) {
        this.faults = faults;
    }

    /** @param patterns null if they can't be read */
    void add(Node node, NamePatterns patterns) {
        if (patterns == null) {
            return;
        }
        TreeSet<Integer> by = new TreeSet<>();
        boolean all = true;
        for (NamePattern pattern : patterns.some()) {
            NamePatterns one = new NamePatterns(List.of(pattern), patterns.none());
            Optional<Earlier> first =
                    earlier.stream().filter(each -> each.patterns().covers(one)).findFirst();
            first.ifPresent(each -> by.add(each.line()));
            all &= first.isPresent();
        }
        if (all && !by.isEmpty()) {
            faults.add(
                    node,
                    "this never matches: line %s before it has all of %s"
                            .formatted(
                                    by.stream().map(String::valueOf).collect(Collectors.joining(" and ")), patterns));
        }
        earlier.add(new Earlier(Faults.line(node), patterns));
    }
}
