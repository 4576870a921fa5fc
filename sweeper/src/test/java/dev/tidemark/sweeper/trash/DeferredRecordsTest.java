package dev.tidemark.sweeper.trash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.Layout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeferredRecordsTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final int IN_MEMORY = 10;

    private final DeferredRecords records = new DeferredRecords("operator (tidemark undo)", IN_MEMORY);

    @Test
    void nothingIsThereAtFirst() {
        assertThat(records.isEmpty()).isTrue();
        assertThat(read(records)).isEmpty();
    }

    @Test
    void recordsThatDoNotFitIntoMemoryComeBackInTheirOrder() {
        List<Trashed> files = IntStream.range(0, 10 * IN_MEMORY + 3)
                .mapToObj(DeferredRecordsTest::file)
                .toList();
        records.purged(files.subList(0, IN_MEMORY), 1, 2);
        assertThat(records.isEmpty()).isFalse();
        files.subList(IN_MEMORY, files.size()).forEach(file -> records.restored(file, "it is needed"));
        List<TrashRecord> expected = new ArrayList<>();
        files.subList(0, IN_MEMORY)
                .forEach(file -> TrashRecords.purged(file, "operator (tidemark undo)", 1, 2)
                        .ifPresent(expected::add));
        files.subList(IN_MEMORY, files.size())
                .forEach(file -> TrashRecords.restored(file, "it is needed", "operator (tidemark undo)")
                        .ifPresent(expected::add));

        List<TrashRecord> said = read(records);

        assertThat(said)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("at")
                .isEqualTo(expected);
        assertThat(read(records)).as("read again").isEqualTo(said);
        records.close();
    }

    /** Each part is as small as what is kept in memory. */
    private static List<TrashRecord> read(DeferredRecords records) {
        List<TrashRecord> all = new ArrayList<>();
        records.each(some -> {
            assertThat(some).hasSizeLessThanOrEqualTo(IN_MEMORY);
            all.addAll(some);
        });
        return all;
    }

    private static Trashed file(int number) {
        Digest digest = Digest.Algorithm.SHA256.of(("file " + number).getBytes(StandardCharsets.UTF_8));
        return new Trashed(RUN, Layout.blobData(digest), number, 0, 0);
    }
}
