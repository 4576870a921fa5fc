package dev.tidemark.schemas;

import java.util.List;

/**
 * A repository was enumerated: the record of the topic {@code repositories}.
 *
 * @param tags how many tags have a current link
 * @param going how many of them a policy lets go
 * @param problems the things that could not be understood, and what was kept for each
 * @param tagged of its records in {@code tags}
 */
public record RepositoryRecord(
        RunId run,
        String repository,
        long manifests,
        long tags,
        long going,
        long layerLinks,
        List<Problem> problems,
        Checksum tagged) {

    public RepositoryRecord {
        Fields.require(run, repository, tagged);
        problems = problems == null ? List.of() : List.copyOf(problems);
    }
}
