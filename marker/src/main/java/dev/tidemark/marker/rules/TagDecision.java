package dev.tidemark.marker.rules;

import dev.tidemark.marker.rows.RowGroup;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Says which tags of a digest are eligible: those that a policy lets go. The policy was applied where the tags were
 * read, so nothing that the marker works out changes it.
 */
final class TagDecision {

    private final RunId run;
    private long eligible;

    TagDecision(RunId run) {
        this.run = run;
    }

    /** Decides on the tags that name a digest. One that names a manifest that is not there stays. */
    void decide(RowGroup group, Consumer<EligibleRecord> out) {
        group.manifests().forEach((repository, manifest) -> {
            if (!manifest.dangling()) {
                new TreeMap<>(manifest.going()).forEach((tag, going) -> {
                    eligible++;
                    out.accept(new Eligible(
                            run,
                            Kind.TAG,
                            group.digest(),
                            repository,
                            tag,
                            0,
                            "the policy lets it go",
                            going.pushed(),
                            List.of(),
                            RunId.of(going.since())));
                });
            }
        });
    }

    /** How many tags are eligible. */
    long eligible() {
        return eligible;
    }
}
