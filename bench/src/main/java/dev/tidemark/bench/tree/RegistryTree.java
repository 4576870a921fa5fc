package dev.tidemark.bench.tree;

import dev.tidemark.bench.output.BenchException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** A registry's storage that is the same whenever and wherever it is made. */
public record RegistryTree(TreeSize size, long seed) {

    /** To be raised with every change of what is generated: trees made before are then not used any more. */
    static final int VERSION = 1;

    static final long SEED = 0x71DE_3A4BL;

    private static final int ORPHANS_AT_ONCE = 10_000;

    public static RegistryTree of(TreeSize size) {
        return new RegistryTree(size, SEED);
    }

    /**
     * How many tags there are beyond some of each repository: {@code latest}, so many versions, {@code v1.2.3}, and so
     * many of {@code stable-1}.
     */
    public long tagsBeyond(int versions, int stable) {
        return TreePlan.of(size).repositories().stream()
                .mapToLong(repository -> Math.max(0, repository.tagged() - versions)
                        + (repository.tagged() == 0 ? 0 : Math.max(0, repository.aliases() - 1 - stable)))
                .sum();
    }

    /** Writes all of it, with as many threads. */
    public TreeFacts write(TreeSink sink, int threads) {
        TreePlan plan = TreePlan.of(size);
        Stacks stacks = new Stacks(plan.stacks(), seed);
        List<Consumer<TreeWriter>> parts = new ArrayList<>();
        plan.repositories().stream()
                .sorted(Comparator.comparingLong(repository -> -repository.tagged() - repository.untagged()))
                .forEach(repository ->
                        parts.add(writer -> new RepositoryWriter(repository, stacks, writer, seed).write()));
        for (int from = 0; from < plan.orphans(); from += ORPHANS_AT_ONCE) {
            int first = from;
            parts.add(writer -> orphans(writer, first, Math.min(plan.orphans(), first + ORPHANS_AT_ONCE)));
        }
        if (size.leftovers() > 0) {
            List<TreePlan.Repository> tagged = plan.repositories().stream()
                    .filter(repository -> repository.tagged() > 0)
                    .toList();
            parts.add(writer -> new LeftoverWriter(tagged, writer, seed).write(size.leftovers()));
        }
        Counts counts = new Counts();
        inParallel(parts, sink, threads, counts);
        TreeWriter last = new TreeWriter(sink);
        stacks.write(last, seed);
        counts.add(last.counts);
        return new TreeFacts(
                VERSION,
                size.name(),
                seed,
                plan.repositories().size(),
                counts.blobs,
                counts.manifests,
                counts.indexes,
                counts.tags,
                counts.layerLinks,
                counts.files,
                counts.eligible,
                counts.eligibleUntagged,
                counts.eligibleUntagged28);
    }

    private void orphans(TreeWriter writer, int from, int to) {
        for (int i = from; i < to; i++) {
            writer.counts.garbage(
                    writer.blob("orphan %d, %x\n".formatted(i, seed).getBytes(StandardCharsets.UTF_8))
                            .digest());
        }
    }

    private static void inParallel(List<Consumer<TreeWriter>> parts, TreeSink sink, int threads, Counts counts) {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Counts>> written = new ArrayList<>();
            for (Consumer<TreeWriter> part : parts) {
                written.add(pool.submit(() -> {
                    TreeWriter writer = new TreeWriter(sink);
                    part.accept(writer);
                    return writer.counts;
                }));
            }
            try {
                for (Future<Counts> each : written) {
                    counts.add(each.get());
                }
            } catch (ExecutionException e) {
                pool.shutdownNow();
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                throw BenchException.interrupted(e);
            }
        }
    }
}
