package dev.tidemark.schemas;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The circuit breaker: says why a run that deletes too much waits for approval. */
final class Breaker {

    private static final int EVERYTHING = 100;

    private Breaker() {}

    /** Why it holds the run, in the same words wherever they are written; empty if it lets it pass. */
    static Optional<String> holds(Run run) {
        int most = run.requested().maxDelete();
        List<String> why = new ArrayList<>();
        if (run.totals().percentEligible() > most) {
            why.add("%.1f %% of the blobs are eligible, by number or by bytes"
                    .formatted(run.totals().percentEligible()));
        }
        TagsGoing going = run.enumerated() == null ? TagsGoing.NONE : run.enumerated().going();
        if (going.tags() > 0) {
            double percent = 100.0 * going.tags() / run.enumerated().tags();
            if (percent > most) {
                why.add("%.1f %% of the tags go".formatted(percent));
            }
            if (going.most() != null && going.most().percent() > most) {
                why.add("%s loses %.1f %% of its tags"
                        .formatted(going.most().repository(), going.most().percent()));
            }
        }
        Optional<String> tooMany = why.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(", ", why) + ", and the circuit breaker lets " + most + " % pass");
        return tooMany.or(() -> going.emptied() > 0 && most < EVERYTHING ? Optional.of(emptied(going)) : Optional.empty());
    }

    private static String emptied(TagsGoing going) {
        String first = going.first().getFirst();
        return going.emptied() == 1
                ? first + " loses all its tags"
                : "%s and %d more repositories lose all their tags".formatted(first, going.emptied() - 1);
    }
}
