package dev.tidemark.policy;

import java.util.List;
import java.util.Optional;

/** The rules by which the tags and manifests of a registry are kept, as the file of a policy has them. */
public final class Policy {

    private final String text;
    private final List<HoldRule> holds;
    private final List<RepositoryPolicy> policies;

    Policy(String text, List<HoldRule> holds, List<RepositoryPolicy> policies) {
        this.text = text;
        this.holds = List.copyOf(holds);
        this.policies = List.copyOf(policies);
    }

    /**
     * Reads the text of a policy.
     *
     * @throws InvalidPolicyException if it is none; a line for each fault, with its line in the text
     */
    public static Policy parse(String text) {
        return new PolicyReader(text).read();
    }

    /** Whether what it keeps is a question of when tags were pulled. */
    public boolean asksForPulls() {
        return policies.stream()
                .flatMap(policy -> policy.tags().stream())
                .anyMatch(rule -> rule.keep() instanceof Conditions conditions && conditions.asksForPulls());
    }

    /** As it was read. */
    public String text() {
        return text;
    }

    /**
     * Everything that the policy says of a repository: a function of these arguments alone, whatever their order.
     *
     * @param tags all tags of the repository
     * @param now when it is asked, in ms since the epoch
     * @param pullsSince from when on every pull is known, in ms since the epoch; null if nobody collects them
     * @throws IllegalArgumentException if two tags have the same name
     */
    public RepositoryVerdict decide(String repository, List<Tag> tags, long now, Long pullsSince) {
        return new RepositoryDecision(
                        holds.stream().filter(hold -> hold.isFor(repository)).toList(),
                        of(repository).orElse(null),
                        new AsOf(now, pullsSince))
                .of(tags);
    }

    private Optional<RepositoryPolicy> of(String repository) {
        return policies.stream()
                .filter(policy -> policy.repositories().matches(repository))
                .findFirst();
    }

    /** Whether it says what becomes of the tags of referrers in a repository: it then needs to know their subjects. */
    public boolean asksForSubjects(String repository) {
        return of(repository).filter(policy -> policy.referrers() != null).isPresent();
    }

    /** Whether it says what becomes of the tags of referrers anywhere. */
    public boolean asksForSubjects() {
        return policies.stream().anyMatch(policy -> policy.referrers() != null);
    }
}
