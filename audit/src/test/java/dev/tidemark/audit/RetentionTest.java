package dev.tidemark.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What retention has taken is not proved, and is no exception either: nobody has done anything wrong. */
class RetentionTest {

  private static final Topics TOPICS = RecordedRun.TOPICS;

  @TempDir private Path directory;

  @Test
  void aRunOfWhichRetentionHasTakenSomethingCannotBeProvedAndIsNotDisproved() {
    Set<String> topics = new TreeSet<>();
    List<String> wrong = new ArrayList<>();
    for (long seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      TopicsInMemory cut = AuditPropertiesTest.recorded(seed).topics;
      List<TopicsInMemory.Partition> filled =
          cut.partitions.values().stream().flatMap(of -> of.values().stream()).filter(partition -> !partition.entries.isEmpty()).toList();
      TopicsInMemory.Partition partition = filled.get(random.nextInt(filled.size()));
      int taken = 1 + random.nextInt(partition.entries.size());
      List<RecordSource.Entry> gone = partition.entries.subList(0, taken);
      boolean ofTheRun = gone.stream().anyMatch(entry -> Tampering.tree(entry).path("run").asText().equals(AuditPropertiesTest.RUN.text()));
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

  private Verdict verdict(RecordSource source, List<String> why) {
    try (RunIndex index = RunIndex.build(directory, source, TOPICS, AuditPropertiesTest.RUN, true, progress -> {})) {
      Audit audit = Audit.of(index);
      audit.eachFinding(20, finding -> why.add(finding.kind() + ": " + finding.what() + " " + finding.topic() + "-" + finding.partition() + "@" + finding.offset()));
      why.addAll(audit.gaps());
      return audit.verdict();
    }
  }
}
