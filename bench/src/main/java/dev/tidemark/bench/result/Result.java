package dev.tidemark.bench.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.bench.tree.TreeFacts;
import java.util.Map;

/**
 * One comparison: a tree, where it was, and what was asked for.
 *
 * @param sweep whether they deleted; else they were dry runs
 * @param remark where the reference finds something else than is right, and why; else empty
 * @param reference null if it wasn't measured, as the next two
 * @param second Tidemark once more, with what its first run has left
 * @param phases where Tidemark says that its seconds went
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Result(
        TreeFacts tree,
        String storage,
        boolean deleteUntagged,
        boolean sweep,
        long eligible,
        String remark,
        Figures reference,
        Figures tidemark,
        Figures second,
        Map<String, Double> phases) {}
