package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.cli.Tidemark;
import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.local.DataDirectory;
import dev.tidemark.cli.local.LocalPipeline;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.internals.Exit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka in this process stops by itself, as for a full disk: whoever reads its topics would wait for ever. */
class BrokenKafkaIT {

    private static final Terminal NOWHERE = Screen.none().terminal();

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        registry.blob("orphan");
    }

    @Test
    void readingARunEndsAndSaysWhy() {
        Tidemark.Result collected = new Tidemark(directory.resolve("home"))
                .collect("--dry-run", "--format", "json", registry.root().toString());
        var run = new RunId(collected.summary().path("run").asText());

        try (Evidence evidence =
                Evidence.of(DataDirectory.openExisting(directory.resolve("home/data")), NOWHERE, new Output())) {
            breakKafka();

            assertThatExceptionOfType(CollectionException.class)
                    .isThrownBy(() -> evidence.newIndex(run))
                    .withMessageContaining("Kafka had to stop");
            assertThatExceptionOfType(CollectionException.class)
                    .isThrownBy(evidence::history)
                    .withMessageContaining("Kafka had to stop");
        }
    }

    @Test
    void aPlanIsWaitedForNoLonger() {
        Path file = directory.resolve("plan.jsonl");
        var options = new Options(0, false, true);
        Run never = Run.after(
                        Optional.empty(),
                        new RunRecord.Requested(
                                new RunId("20260101-000000"),
                                System.currentTimeMillis(),
                                options,
                                75,
                                "nobody",
                                null,
                                null,
                                null))
                .orElseThrow();

        try (var storage = FilesystemStorage.open(registry.root());
                var data = DataDirectory.open(
                        Optional.of(directory.resolve("data")),
                        storage.description(),
                        Map.of("XDG_STATE_HOME", directory.resolve("state").toString()));
                var pipeline = new LocalPipeline(storage, data, Optional.empty(), text -> {})) {
            breakKafka();

            assertThat(new PlanFile(new WholeFile(file)).write(pipeline.cluster(), never))
                    .hasValueSatisfying(why -> assertThat(why).contains("Kafka had to stop"));
        }
        assertThat(file).doesNotExist();
    }

    /** Does as Kafka does when it can no longer use its directory; it would end its process. */
    private static void breakKafka() {
        assertThatThrownBy(() -> Exit.halt(1, "no space left on device")).isInstanceOf(IllegalStateException.class);
    }
}
