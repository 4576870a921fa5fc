package dev.tidemark.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.yaml.snakeyaml.nodes.Node;

/** The faults of a policy's text, each with its line. */
final class PolicyFaults {

    private record Fault(int line, String what) {}

    private final List<Fault> faults = new ArrayList<>();

    void add(Node node, String what) {
        add(line(node), what);
    }

    void add(int line, String what) {
        faults.add(new Fault(line, what));
    }

    int count() {
        return faults.size();
    }

    /** @throws InvalidPolicyException if there is any */
    void throwIfAny() {
        if (!faults.isEmpty()) {
            throw new InvalidPolicyException(faults.stream()
                    .sorted(Comparator.comparingInt(Fault::line))
                    .map(fault -> "line %d: %s".formatted(fault.line(), fault.what()))
                    .distinct()
                    .toList());
        }
    }

    /** The line that a node begins in, from 1. */
    static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
