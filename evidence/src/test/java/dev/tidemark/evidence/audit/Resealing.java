package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.evidence.index.TopicsInMemory;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Makes everything of a run that says a count or a checksum say what is there. */
final class Resealing {

    private static final Topics TOPICS = RecordedRun.TOPICS;
    private static final RunId RUN = RecordedRun.RUN;

    private final RunEditor run;

    private Resealing(RunEditor run) {
        this.run = run;
    }

    static void all(RunEditor run) {
        var resealing = new Resealing(run);
        new InputResealing(run).all();
        resealing.eligible(run.eligibleTopic(), RUN);
        resealing.sweeps();
    }

    static void eligible(RunEditor run, String topic, RunId of) {
        new Resealing(run).eligible(topic, of);
    }

    private void eligible(String topic, RunId of) {
        Map<Integer, Checksum> sums = new HashMap<>();
        each(topic, all -> {
            Checksum sum = Checksum.NONE;
            long count = 0;
            for (Entry entry : all) {
                if (TopicsInMemory.read(EligibleRecord.class, entry).run().equals(of)) {
                    if (TopicsInMemory.read(EligibleRecord.class, entry) instanceof EligibleRecord.EndOfEligible end) {
                        run.replace(
                                entry,
                                TopicsInMemory.written(
                                        EligibleRecord.class,
                                        new EligibleRecord.EndOfEligible(of, end.partition(), count, sum)));
                        sums.put(end.partition(), sum);
                    } else {
                        sum = sum.plus(entry.value());
                        count++;
                    }
                }
            }
        });
        if (of.equals(RUN)) {
            run.entries(TOPICS.runs(), "decided").forEach(entry -> decided(entry, sums));
        }
    }

    private void decided(Entry entry, Map<Integer, Checksum> sums) {
        var decided = (RunRecord.Decided) TopicsInMemory.read(RunRecord.class, entry);
        run.replace(
                entry,
                TopicsInMemory.written(
                        RunRecord.class,
                        new RunRecord.Decided(
                                RUN,
                                decided.partition(),
                                decided.partitions(),
                                decided.supersteps(),
                                decided.totals(),
                                sums.getOrDefault(decided.partition(), decided.checksum()))));
    }

    private void sweeps() {
        Map<Integer, Sweep> sweeps = new HashMap<>();
        Map<Integer, Checksum> sums = new HashMap<>();
        for (Entry entry : run.entries(TOPICS.deletions(), null)) {
            sweeps.merge(
                    entry.partition(), Sweep.NONE.plus(TopicsInMemory.read(DeletionRecord.class, entry)), Sweep::plus);
            sums.merge(entry.partition(), Checksum.of(entry.value()), Checksum::plus);
        }
        String by = run.entries(TOPICS.runs(), "approved").stream()
                .findFirst()
                .map(entry -> Tampering.tree(entry).path("by").asText())
                .orElse(null);
        for (Entry entry : run.entries(TOPICS.runs(), "swept")) {
            var swept = (RunRecord.Swept) TopicsInMemory.read(RunRecord.class, entry);
            run.replace(
                    entry,
                    TopicsInMemory.written(
                            RunRecord.class,
                            new RunRecord.Swept(
                                    RUN,
                                    swept.partition(),
                                    swept.partitions(),
                                    sweeps.getOrDefault(swept.partition(), Sweep.NONE),
                                    sums.getOrDefault(swept.partition(), Checksum.NONE),
                                    by,
                                    null)));
        }
    }

    private void each(String topic, Consumer<List<Entry>> each) {
        run.topics.partitions.get(topic).values().forEach(partition -> each.accept(List.copyOf(partition.entries)));
    }
}
