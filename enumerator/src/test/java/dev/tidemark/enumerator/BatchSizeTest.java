package dev.tidemark.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.WorkDoneRecord.Done;
import dev.tidemark.schemas.WorkRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatchSizeTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final int PARALLELISM = 64;

    @Test
    void onADiskItemsAreReadOneByOne() {
        assertThat(groups(1, 1, 1, 1)).containsExactly(1, 1, 1);
    }

    @Test
    void smallItemsOfABucketAreReadTogetherEverMore() {
        assertThat(groups(PARALLELISM, 8, 8, 8, 8, 8, 8)).containsExactly(1, 2, 4, 8, 16, 16);
    }

    @Test
    void noMoreItemsAreReadTogetherThanTheStorageIsTheFasterFor() {
        assertThat(groups(3, 8, 8, 8, 8)).containsExactly(1, 2, 3, 3);
    }

    @Test
    void afterALargeItemFewerAreReadTogether() {
        assertThat(groups(PARALLELISM, 8, 8, 8, 8, 10_000, 1_000_000, 8, 8)).containsExactly(1, 2, 4, 8, 16, 5, 1, 2);
    }

    @Test
    void theLargestItemOfABatchCounts() {
        var items = new BatchSize();
        items.read(done(8), PARALLELISM);
        items.done();
        items.read(done(40_000), PARALLELISM);
        items.read(done(8), PARALLELISM);
        items.done();

        assertThat(together(items)).isEqualTo(1);
    }

    @Test
    void blobsAndRepositoriesAreNotReadTogetherNorItemsOfTwoRuns() {
        var items = new BatchSize();
        items.read(done(8), PARALLELISM);
        items.done();
        var shard = new WorkRecord.Shards(RUN, 0, "sha256", "00", "00", null, List.of(), null);

        assertThat(items.joins(1, shard, new WorkRecord.Shards(RUN, 1, "sha256", "01", "01", null, List.of(), null)))
                .isTrue();
        assertThat(items.joins(1, shard, new WorkRecord.Repository(RUN, 1, "app", List.of(), null, null, null)))
                .isFalse();
        assertThat(items.joins(
                        1,
                        shard,
                        new WorkRecord.Shards(
                                new RunId("20260101-000001"), 1, "sha256", "01", "01", null, List.of(), null)))
                .isFalse();
    }

    /** How many are read together each time, if they are of these sizes. */
    private static List<Integer> groups(int parallelism, long... sizes) {
        var items = new BatchSize();
        List<Integer> groups = new ArrayList<>();
        for (long size : sizes) {
            int together = together(items);
            groups.add(together);
            Stream.generate(() -> done(size)).limit(together).forEach(item -> items.read(item, parallelism));
            items.done();
        }
        return groups;
    }

    private static int together(BatchSize items) {
        var item = new WorkRecord.Repository(RUN, 0, "app", List.of(), null, null, null);
        int together = 1;
        while (items.joins(together, item, item)) {
            together++;
        }
        return together;
    }

    private static Done done(long entries) {
        return new Done(
                RUN,
                0,
                null,
                0,
                0,
                0,
                0,
                0,
                entries / 2,
                entries - entries / 2,
                0,
                List.of(),
                Map.of(),
                List.of(),
                null,
                Fingerprint.NONE,
                OtherFiles.NONE);
    }
}
