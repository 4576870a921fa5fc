package dev.tidemark.schemas;

import java.util.List;

/**
 * A repository was enumerated: the record of the topic {@code repositories}.
 *
 * @param tags how many tags have a current link
 * @param problems what could not be understood, and what was kept for it
 */
public record RepositoryRecord(
        RunId run, String repository, long manifests, long tags, long layerLinks, List<Problem> problems) {

    public RepositoryRecord {
        Fields.require(run, repository);
        problems = problems == null ? List.of() : List.copyOf(problems);
    }
}
