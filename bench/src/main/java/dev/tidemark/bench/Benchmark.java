package dev.tidemark.bench;

import dev.tidemark.bench.collector.Collection;
import dev.tidemark.bench.collector.Measurement;
import dev.tidemark.bench.collector.Reference;
import dev.tidemark.bench.collector.TidemarkLauncher;
import dev.tidemark.bench.collector.TimedProcess;
import dev.tidemark.bench.output.BenchException;
import dev.tidemark.bench.result.Figures;
import dev.tidemark.bench.result.Result;
import dev.tidemark.bench.tree.DigestSet;
import dev.tidemark.bench.tree.TreeOnDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Measures both collectors in turn on one storage, and checks their results.
 *
 * @param referenceRuns how often the reference is measured; 0 for not at all
 * @param second whether Tidemark collects once more with what its first run has left
 * @param sweep whether they delete; what they have deleted is brought back before the next run
 */
record Benchmark(
        Reference reference,
        int referenceRuns,
        TidemarkLauncher tidemark,
        int tidemarkRuns,
        boolean second,
        boolean sweep,
        Path directory,
        Consumer<String> progress) {

    Result of(Backend backend, boolean deleteUntagged) {
        var measured = new Measured(
                backend,
                new Collection(backend.config(directory), deleteUntagged, sweep, backend.environment()),
                new TimedProcess(directory));
        try {
            measured.warmUp();
            for (int i = 1; i <= Math.max(referenceRuns, tidemarkRuns); i++) {
                measured.round(i);
            }
            return measured.result();
        } catch (IOException e) {
            throw new BenchException("cannot delete what a run left: " + e, e);
        }
    }

    private final class Measured {

        private final Backend backend;
        private final Collection collection;
        private final TimedProcess process;
        private final Path dataDirectory = directory.resolve("data");
        private final List<Measurement> ofReference = new ArrayList<>();
        private final List<Measurement> ofTidemark = new ArrayList<>();
        private final List<Measurement> ofSecond = new ArrayList<>();
        private final List<Map<String, Double>> phases = new ArrayList<>();
        private String remark = "";

        Measured(Backend backend, Collection collection, TimedProcess process) {
            this.backend = backend;
            this.collection = collection;
            this.process = process;
        }

        void warmUp() throws IOException {
            // Object storage has no cache to be warmed, and the reference would take its time.
            if (referenceRuns > 0 && backend instanceof Backend.Filesystem) {
                say("warm-up", reference.run(collection, process));
            }
            if (tidemarkRuns > 0) {
                tidemark.awaitStartupCache(process);
                TreeOnDisk.delete(dataDirectory);
                restore();
                DigestSet plan = tidemark.plan(collection, dataDirectory, process);
                require(plan.equals(expected()), "tidemark", plan.count());
            }
        }

        void round(int i) throws IOException {
            if (i <= referenceRuns) {
                DigestSet all = restore();
                Measurement measurement = counted(() -> reference.run(collection, process));
                DigestSet eligible = reference.eligible(process.output());
                remark = remark(eligible);
                requireLeft(all.minus(eligible), reference.name());
                ofReference.add(say(reference.name(), measurement));
            }
            if (i <= tidemarkRuns) {
                TreeOnDisk.delete(dataDirectory);
                ofTidemark.add(say("tidemark", tidemarkRun()));
                phases.add(tidemark.phases(process.output()));
                if (second) {
                    ofSecond.add(say("tidemark, second run", tidemarkRun()));
                }
                TreeOnDisk.delete(dataDirectory);
            }
        }

        private Measurement tidemarkRun() {
            DigestSet all = restore();
            Measurement measurement = counted(() -> tidemark.run(collection, dataDirectory, process));
            long eligible = tidemark.eligible(process.output());
            require(eligible == expected().count(), "tidemark", eligible);
            requireLeft(all.minus(expected()), "tidemark");
            return measurement;
        }

        private DigestSet restore() {
            return sweep ? backend.restore() : DigestSet.EMPTY;
        }

        private void requireLeft(DigestSet blobs, String collector) {
            DigestSet left = sweep ? backend.blobs() : blobs;
            if (!left.equals(blobs)) {
                throw new BenchException(
                        ("%s has left %,d blobs in the bucket, and not the %,d that are not eligible: what it takes "
                                        + "is of no interest")
                                .formatted(collector, left.count(), blobs.count()));
            }
        }

        private Measurement counted(Supplier<Measurement> run) {
            Map<String, Long> before = backend.requests();
            Measurement measurement = run.get();
            Map<String, Long> requests = new TreeMap<>();
            backend.requests().forEach((operation, number) -> {
                long made = number - before.getOrDefault(operation, 0L);
                if (made > 0) {
                    requests.put(operation, made);
                }
            });
            return new Measurement(
                    measurement.wallSeconds(), measurement.cpuSeconds(), measurement.peakKilobytes(), requests);
        }

        private DigestSet expected() {
            return backend.facts().eligible(collection.deleteUntagged());
        }

        private String remark(DigestSet eligible) {
            if (eligible.equals(expected())) {
                return "";
            }
            require(
                    collection.deleteUntagged()
                            && eligible.equals(backend.facts().eligibleUntagged28()),
                    reference.name(),
                    eligible.count());
            return ("%s also calls %,d blobs eligible that tagged images need: it does not look into the children "
                            + "of an index")
                    .formatted(reference.name(), eligible.count() - expected().count());
        }

        private void require(boolean right, String collector, long eligible) {
            if (!right) {
                throw new BenchException(
                        ("%s finds %,d blobs eligible on %s (%s%s), and not the %,d that are: what it takes is of "
                                        + "no interest")
                                .formatted(
                                        collector,
                                        eligible,
                                        backend.facts().size(),
                                        backend.name(),
                                        collection.deleteUntagged() ? ", delete-untagged" : "",
                                        expected().count()));
            }
        }

        private Measurement say(String collector, Measurement measurement) {
            progress.accept("%s, %s, %s%s: %s %.2f s"
                    .formatted(
                            backend.facts().size(),
                            backend.name(),
                            collection.deleteUntagged() ? "delete-untagged" : "plain",
                            sweep ? ", swept" : "",
                            collector,
                            measurement.wallSeconds()));
            return measurement;
        }

        Result result() {
            return new Result(
                    backend.facts(),
                    backend.name(),
                    collection.deleteUntagged(),
                    sweep,
                    expected().count(),
                    remark,
                    figures(reference == null ? "" : reference.name(), ofReference),
                    figures("tidemark", ofTidemark),
                    figures("tidemark, second run", ofSecond),
                    median(phases));
        }

        private static Figures figures(String collector, List<Measurement> measurements) {
            return measurements.isEmpty() ? null : Figures.of(collector, measurements);
        }

        private static Map<String, Double> median(List<Map<String, Double>> phases) {
            Map<String, Double> medians = new TreeMap<>();
            for (String phase :
                    phases.isEmpty() ? List.<String>of() : phases.getFirst().keySet()) {
                List<Double> sorted = phases.stream()
                        .map(each -> each.getOrDefault(phase, 0.0))
                        .sorted()
                        .toList();
                medians.put(phase, sorted.get(sorted.size() / 2));
            }
            return medians;
        }
    }
}
