package dev.tidemark.evidence.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.evidence.index.RecordSource;
import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.evidence.index.TopicsInMemory;
import dev.tidemark.schemas.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that retention has taken prove nothing, and are no exception either: nobody has done anything wrong. */
class RetentionTest {

    private static final Topics TOPICS = RecordedRun.TOPICS;

    @TempDir
    private Path directory;

    @Test
    void aRunOfWhichRetentionHasTakenSomethingCannotBeProvedAndIsNotDisproved() {
        Set<String> topics = new TreeSet<>();
        List<String> wrong = new ArrayList<>();
        for (long seed = 0; seed < 200; seed++) {
            var random = RecordedRun.random(seed);
            TopicsInMemory cut = RecordedRun.of(seed).topics;
            List<TopicsInMemory.Partition> filled = cut.partitions.values().stream()
                    .flatMap(of -> of.values().stream())
                    .filter(partition -> !partition.entries.isEmpty())
                    .toList();
            TopicsInMemory.Partition partition = filled.get(random.nextInt(filled.size()));
            int taken = 1 + random.nextInt(partition.entries.size());
            List<RecordSource.Entry> gone = partition.entries.subList(0, taken);
            boolean ofTheRun = gone.stream()
                    .anyMatch(
                            entry -> Tampering.tree(entry).path("run").asText().equals(RecordedRun.RUN.text()));
            boolean approved = !ofTheRun && gone.getFirst().topic().equals(TOPICS.eligibleDryRun());
            String topic = gone.getFirst().topic();
            partition.start = gone.getLast().offset() + 1;
            gone.clear();

            List<String> why = new ArrayList<>();
            Verdict verdict = verdict(cut, why);

            if (verdict instanceof Verdict.Disproved) {
                wrong.add("seed %d, %s: %s".formatted(seed, topic, why));
            }
            if ((ofTheRun || approved) && !(verdict instanceof Verdict.Disproved)) {
                assertThat(verdict).as("seed %d, %s", seed, topic).isInstanceOf(Verdict.Unprovable.class);
                topics.add(topic);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(topics).hasSizeGreaterThan(9);
    }

    @Test
    void aRunThatBeginsRightWhereRetentionHasCutIsProved() {
        TopicsInMemory cut = RecordedRun.of(5).topics;
        cut.partitions
                .values()
                .forEach(of -> of.values().forEach(partition -> {
                    List<RecordSource.Entry> entries = List.copyOf(partition.entries);
                    partition.entries.clear();
                    entries.forEach(entry -> partition.entries.add(new RecordSource.Entry(
                            entry.topic(),
                            entry.partition(),
                            entry.offset() + 100,
                            entry.timestamp(),
                            entry.key(),
                            entry.value())));
                    partition.start = 100;
                    partition.end += 100;
                }));

        List<String> why = new ArrayList<>();
        assertThat(verdict(cut, why)).as(why.toString()).isEqualTo(new Verdict.Proved());
    }

    private Verdict verdict(RecordSource source, List<String> why) {
        try (RunIndex index = RecordedRun.index(directory, source)) {
            Audit audit = Audit.of(index);
            audit.eachFinding(
                    20,
                    finding -> why.add(finding.kind() + ": " + finding.what() + " " + finding.topic() + "-"
                            + finding.partition() + "@" + finding.offset()));
            why.addAll(audit.gaps());
            return audit.verdict();
        }
    }
}
