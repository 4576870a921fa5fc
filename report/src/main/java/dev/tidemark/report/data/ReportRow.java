package dev.tidemark.report.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.schemas.Kind;
import java.util.List;

/**
 * Something that was eligible, and what was done about it.
 *
 * @param repositories where; of a blob the first that link it
 * @param holders how many repositories that is in all
 * @param tags that have the manifest in their history; of a tag, its name; of an upload or a directory, its path
 * @param bytes those that its deletion frees
 * @param reason why it was eligible; null where the topics no longer say
 * @param modified when it was last written; null where the topics no longer say
 * @param outcome deleted, already-gone, spared or failed; null if nothing was done
 * @param why it was spared or failed; null otherwise
 * @param at when that was; null if nothing was done
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ReportRow(
        Kind kind,
        String digest,
        List<String> repositories,
        long holders,
        List<String> tags,
        long bytes,
        String reason,
        Long modified,
        String outcome,
        String why,
        Long at) {}
