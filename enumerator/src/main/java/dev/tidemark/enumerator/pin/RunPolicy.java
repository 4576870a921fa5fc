package dev.tidemark.enumerator.pin;

import dev.tidemark.policy.Policy;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.RunRecord.Requested;
import java.util.Map;
import java.util.Optional;

/**
 * The policy of a run, and the times that it counts from.
 *
 * @param policy empty if the run has none
 * @param now when the run was asked for, in ms since the epoch
 * @param options of the run, whose cutoff says which tags are young
 * @param pulls the last ones of its tags
 * @param held digests that are held wherever they are: a tag that names one stays
 */
public record RunPolicy(Optional<Policy> policy, long now, Options options, LastPulls pulls, Map<Digest, Hold> held) {

    /** Of a run that is asked for, of whose pulls and holds nothing is known yet. */
    public static RunPolicy of(Requested request) {
        return new RunPolicy(
                Optional.ofNullable(request.policy()).map(policy -> Policy.parse(policy.text())),
                request.at(),
                request.options(),
                LastPulls.NONE,
                Map.of());
    }

    /** The same, with pulls and holds. */
    public RunPolicy with(LastPulls known, Map<Digest, Hold> anywhere) {
        return new RunPolicy(policy, now, options, known, anywhere);
    }

    /** Whether it says what becomes of the tags of referrers in a repository. */
    public boolean asksForSubjects(String repository) {
        return policy.filter(rules -> rules.asksForSubjects(repository)).isPresent();
    }

    /** Whether it says what becomes of the tags of referrers anywhere. */
    public boolean asksForSubjects() {
        return policy.filter(Policy::asksForSubjects).isPresent();
    }

    /** Whether a tag that was written then stays as it is young. */
    boolean young(long pushed) {
        return options.young(pushed);
    }
}
