package dev.tidemark.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data directory of an older, the same and a newer Tidemark, by each way that there is to open one. */
class DataFormatTest {

    @TempDir
    private Path temporary;

    private Path data;
    private Path format;
    private Path registry;

    @BeforeEach
    void aDataDirectory() throws IOException {
        data = temporary.toRealPath().resolve("data");
        format = data.resolve("format");
        registry = Files.createDirectories(data.resolveSibling("registry"));
        Files.createDirectories(data.resolve("kafka"));
    }

    @Test
    void aDirectoryWithoutAFormatGetsOne() throws IOException {
        open().close();
        assertThat(format).hasContent("1\n");

        open().close();
        DataDirectory.openExisting(data).close();
        assertThat(format).hasContent("1\n");
    }

    @Test
    void aDirectoryOfAnOlderOneIsUsedFromNowOnByThisOne() throws IOException {
        Files.writeString(format, "0\n");

        DataDirectory.openExisting(data).close();

        assertThat(format).hasContent("1\n");
    }

    @Test
    void aDirectoryOfANewerOneIsNotTouched() throws IOException {
        Files.writeString(format, "2\n");
        open("data.other").close();
        var before = files();

        assertThatThrownBy(this::open)
                .isInstanceOf(UsageException.class)
                .hasMessage("a newer Tidemark has used the data directory " + data
                        + " (its format is 2, and this one knows 1): use that one, or name another directory with "
                        + "--data-dir");
        assertThatThrownBy(() -> DataDirectory.openExisting(data)).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> DataDirectory.openForLock(Optional.of(data), registry.toString(), environment()))
                .isInstanceOf(UsageException.class);
        before.add(data.resolve("lock"));
        assertThat(files()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(format).hasContent("2\n");
    }

    @Test
    void aFormatThatCannotBeReadIsSaid() throws IOException {
        for (byte[] damaged : new byte[][] {{}, {'n', 'e', 'w'}, {(byte) 0xff, 0}}) {
            Files.write(format, damaged);

            assertThatThrownBy(this::open)
                    .isInstanceOf(CollectionException.class)
                    .hasMessageContaining(format + " is damaged");
            assertThat(format).hasBinaryContent(damaged);
        }
    }

    /** The trash can be emptied when the disk is full. */
    @Test
    void nothingIsWrittenWhereNoRunIsMade() {
        DataDirectory.openForLock(Optional.of(data), registry.toString(), environment())
                .close();

        assertThat(format).doesNotExist();
    }

    /**
     * If this fails, Kafka is a newer one, and formats directories so that the one before can't use them: raise
     * {@link DataFormat#CURRENT}, and say so in docs/versions.md.
     */
    @Test
    void theFormatIsRaisedWithThatOfKafka() {
        assertThat(DataFormat.CURRENT).isEqualTo(1);
        assertThat(MetadataVersion.latestProduction()).isEqualTo(MetadataVersion.IBP_4_4_IV2);
        assertThat(Feature.PRODUCTION_FEATURES.stream()
                        .collect(Collectors.toMap(Feature::featureName, Feature::latestProduction)))
                .isEqualTo(Map.<String, Short>of(
                        "eligible.leader.replicas.version", (short) 1,
                        "group.version", (short) 1,
                        "kraft.version", (short) 1,
                        "share.version", (short) 2,
                        "streams.version", (short) 1,
                        "transaction.version", (short) 2));
    }

    private DataDirectory open() {
        return open("data");
    }

    private DataDirectory open(String name) {
        return DataDirectory.open(Optional.of(data.resolveSibling(name)), registry.toString(), environment());
    }

    private Map<String, String> environment() {
        return Map.of("XDG_STATE_HOME", data.resolveSibling("state").toString());
    }

    private Set<Path> files() throws IOException {
        try (var files = Files.walk(data.getParent())) {
            return files.collect(Collectors.toSet());
        }
    }
}
