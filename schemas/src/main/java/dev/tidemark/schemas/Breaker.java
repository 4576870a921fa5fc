package dev.tidemark.schemas;

import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.text.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
            why.add(String.format(
                    Locale.ROOT,
                    "%.1f %% of the blobs are eligible, by number or by bytes",
                    run.totals().percentEligible()));
        }
        TagsGoing going = going(run);
        if (percent(run, going) > most) {
            why.add(String.format(Locale.ROOT, "%.1f %% of the tags go", percent(run, going)));
        }
        if (going.most() != null && going.most().percent() > most) {
            why.add(String.format(
                    Locale.ROOT,
                    "%s loses %.1f %% of its tags",
                    going.most().repository(),
                    going.most().percent()));
        }
        double dangling = dangling(run);
        if (dangling > most) {
            why.add(String.format(
                    Locale.ROOT, "%.1f %% of the manifests, or of what tags name, are not there", dangling));
        }
        Optional<String> tooMany = why.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(", ", why) + ", and the circuit breaker lets " + most + " % pass");
        return tooMany.or(
                        () -> going.emptied() > 0 && most < EVERYTHING ? Optional.of(emptied(going)) : Optional.empty())
                .or(() -> lost(run) > 0 && most < EVERYTHING
                        ? Optional.of(Counted.of(lost(run), "repository")
                                + (lost(run) == 1 ? " loses all its tags" : " lose all their tags")
                                + ", as these name nothing")
                        : Optional.empty());
    }

    /** The least limit, in percent, that lets a run pass. */
    static int least(Run run) {
        TagsGoing going = going(run);
        double most = Math.max(Math.max(run.totals().percentEligible(), percent(run, going)), dangling(run));
        if (going.most() != null) {
            most = Math.max(most, going.most().percent());
        }
        return going.emptied() > 0 || lost(run) > 0 ? EVERYTHING : (int) Math.ceil(most);
    }

    /**
     * The share of the manifests, or of the tags, that is dangling, in percent, whichever is more: a storage that is
     * half there shows so. It is of no interest as long as no such link goes.
     */
    private static double dangling(Run run) {
        if (run.enumerated() == null || !run.totals().leftovers().eligible().containsKey(Kind.LINK)) {
            return 0;
        }
        Enumerated found = run.enumerated();
        return Math.max(
                percent(found.problems().get(Problem.Kind.DANGLING_MANIFEST), found.manifests()),
                percent(found.problems().get(Problem.Kind.DANGLING_TAG), found.tags()));
    }

    /** The repositories of which no tag would be left: a part of the storage may not be there. */
    private static long lost(Run run) {
        return run.enumerated() == null
                ? 0
                : run.enumerated().problems().getOrDefault(Problem.Kind.LOST_REPOSITORY, 0L);
    }

    private static double percent(Long part, long all) {
        return part == null || all == 0 ? 0 : 100.0 * part / all;
    }

    private static TagsGoing going(Run run) {
        return run.enumerated() == null ? TagsGoing.NONE : run.enumerated().going();
    }

    /** The share of the tags that goes, in percent. */
    private static double percent(Run run, TagsGoing going) {
        return going.tags() == 0 ? 0 : percent(going.tags(), run.enumerated().tags());
    }

    private static String emptied(TagsGoing going) {
        String first = going.first().getFirst();
        return going.emptied() == 1
                ? first + " loses all its tags"
                : "%s and %d more repositories lose all their tags".formatted(first, going.emptied() - 1);
    }
}
