package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.objects.KeyListing;
import dev.tidemark.storage.s3.VersionBatches.Batch;
import dev.tidemark.storage.s3.VersionBatches.Content;
import dev.tidemark.storage.s3.VersionIndex.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VersionBatchesTest {

    private static final int LISTS = 100;
    private static final int FILES = 50;
    private static final int MOST = 10;

    private final Map<String, byte[]> bucket = new ConcurrentSkipListMap<>();
    private final Map<String, Stat> stats = new TreeMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final VersionBatches batches = new VersionBatches(this::listed, this::read, MOST);

    @BeforeEach
    void aTrash() {
        for (int list = LISTS - 1; list >= 0; list--) {
            int first = list * FILES;
            write(
                    "run/%03d".formatted(list),
                    1000 - list,
                    IntStream.range(first, first + FILES)
                            .mapToObj(VersionBatchesTest::entry)
                            .toList());
        }
        write("other/0", 5, List.of(entry(0)));
    }

    @Test
    void allListsOfARunAreHandedOutThoseThatCameFirstFirst() {
        List<Batch> all = all();

        assertThat(all).extracting(Batch::since).isSorted();
        assertThat(all).hasSize(LISTS);
        assertThat(all.stream().flatMap(batch -> batch.files().values().stream()))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, LISTS * FILES)
                        .mapToObj(VersionBatchesTest::entry)
                        .toList());
    }

    /** What a list that is read takes is kept for some of them only: others are read again. */
    @Test
    void onlyTheListThatHasAFileIsReadForIt() {
        all();
        for (int file : List.of(0, 777, LISTS * FILES - 1)) {
            reads.set(0);
            assertThat(having(entry(file).path()))
                    .singleElement()
                    .satisfies(batch ->
                            assertThat(batch.files()).containsKey(entry(file).path()));
            assertThat(reads.get()).isLessThanOrEqualTo(1);
        }
        reads.set(0);
        all();
        assertThat(reads.get()).isGreaterThanOrEqualTo(LISTS - MOST);
    }

    @Test
    void aListIsFoundByEachDirectoryAboveItsFiles() {
        Entry entry = entry(777);
        String own = Layout.blob(digest(777));

        assertThat(having(own)).hasSize(1);
        assertThat(having(Layout.BLOBS)).hasSize(LISTS);
        assertThat(having(Layout.REPOSITORIES)).isEmpty();
        assertThat(having(own.substring(0, own.length() - 1))).isEmpty();
        assertThat(having("nothing", entry.path())).hasSize(1);
    }

    @Test
    void aListThatIsWrittenAnewIsReadAnew() {
        all();
        Entry added = entry(LISTS * FILES);
        write("run/000", 1000, List.of(added));

        assertThat(having(added.path())).hasSize(1);
        assertThat(having(entry(0).path())).isEmpty();

        bucket.remove("run/000");
        stats.remove("run/000");
        assertThat(having(added.path())).isEmpty();
    }

    @Test
    void aListThatCannotBeReadHasNoFiles() {
        bucket.put("run/000", new byte[] {'{'});

        assertThat(all()).hasSize(LISTS).anyMatch(batch -> batch.files().isEmpty());
    }

    private List<Batch> all() {
        List<Batch> all = new ArrayList<>();
        batches.each("run/", all::add);
        return all;
    }

    private List<Batch> having(String... paths) {
        List<Batch> all = new ArrayList<>();
        batches.each("run/", List.of(paths), all::add);
        return all;
    }

    private void write(String key, long modified, List<Entry> files) {
        byte[] json = new Content(null, files).json();
        bucket.put(key, json);
        stats.put(key, new Stat(json.length, modified));
    }

    private List<KeyListing.Object> listed(String prefix) {
        return stats.entrySet().stream()
                .filter(stat -> stat.getKey().startsWith(prefix))
                .map(stat -> new KeyListing.Object(stat.getKey(), stat.getValue()))
                .toList();
    }

    private Optional<byte[]> read(String key) {
        reads.incrementAndGet();
        return Optional.ofNullable(bucket.get(key));
    }

    private static Entry entry(int number) {
        return new Entry(Layout.blobData(digest(number)), "version " + number, null, number, 0);
    }

    private static Digest digest(int number) {
        return Digest.Algorithm.SHA256.of(("file " + number).getBytes(StandardCharsets.UTF_8));
    }
}
