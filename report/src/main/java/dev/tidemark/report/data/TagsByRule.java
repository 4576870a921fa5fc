package dev.tidemark.report.data;

import dev.tidemark.evidence.policy.TagGroup;
import dev.tidemark.evidence.policy.TagGroups;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Run;
import java.sql.Connection;
import java.util.List;

/** The verdicts of a run's policy on the tags, by repository and rule. */
final class TagsByRule {

    /** Rules with the most bytes that they free. */
    private static final int LISTED = 200;

    private TagsByRule() {}

    /** Null if the run has no policy. */
    static ReportData.ByPolicy of(Connection index, Run run) {
        PolicyText policy = run.requested().policy();
        if (policy == null) {
            return null;
        }
        List<TagGroup> rules = TagGroups.of(index);
        return new ReportData.ByPolicy(
                policy.digest().toString(),
                policy.text(),
                rules.stream().mapToLong(TagGroup::kept).sum(),
                rules.stream().mapToLong(TagGroup::going).sum(),
                rules.stream().mapToLong(TagGroup::bytes).sum(),
                rules.stream().limit(LISTED).toList(),
                Math.max(0, rules.size() - LISTED));
    }
}
