package dev.tidemark.enumerator.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.enumerator.pin.StoredBlob;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Problem;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobShardsTest {

    private static final int ALL_SHARDS = 256;

    @TempDir
    private Path directory;

    private final Problems problems = new Problems();
    private Path sha256;
    private Storage storage;

    @BeforeEach
    void aRegistry() throws IOException {
        RegistryOnDisk registry = RegistryOnDisk.at(directory.resolve("registry"));
        sha256 = Files.createDirectories(registry.base().resolve("blobs/sha256"));
        storage = FilesystemStorage.open(directory.resolve("registry"));
    }

    @Test
    void noBlobsAreNoShards() {
        assertThat(BlobShards.list(storage, problems)).isEmpty();
    }

    @Test
    void aFewBlobsAreOnePiece() throws IOException {
        blobs(0x03, 1);
        blobs(0x80, 2);
        blobs(0xfe, 1);

        assertThat(BlobShards.list(storage, problems))
                .containsExactly(new BlobShards(Digest.Algorithm.SHA256, "03", "fe"));
    }

    @Test
    void moreBlobsAreMorePiecesThatTogetherAreAllOfThem() throws IOException {
        for (int shard = 0; shard < ALL_SHARDS; shard++) {
            blobs(shard, 10);
        }

        List<BlobShards> pieces = BlobShards.list(storage, problems);

        assertThat(pieces).hasSize(3);
        assertThat(pieces.getFirst().first()).isEqualTo("00");
        assertThat(pieces.getLast().last()).isEqualTo("ff");
        List<StoredBlob> blobs =
                pieces.stream().flatMap(piece -> read(piece).stream()).toList();
        assertThat(blobs)
                .extracting(StoredBlob::digest)
                .hasSize(10 * ALL_SHARDS)
                .doesNotHaveDuplicates();
        assertThat(problems.counts()).isEmpty();
    }

    @Test
    void shardsWithManyBlobsAreAPieceEach() throws IOException {
        blobs(0x00, 1);
        blobs(0x01, 901);
        blobs(0x02, 1);

        assertThat(BlobShards.list(storage, problems))
                .extracting(BlobShards::first)
                .containsExactly("00", "01", "02");
    }

    @Test
    void directoriesThatAreNoShardsAreReadByThemselvesAndReported() throws IOException {
        blobs(0x10, 1);
        blobs(0x12, 1);
        Files.createDirectories(sha256.resolve("1x/1xstray"));
        Files.createDirectories(sha256.resolve("123"));

        List<BlobShards> pieces = BlobShards.list(storage, problems);

        assertThat(pieces)
                .containsExactlyInAnyOrder(
                        new BlobShards(Digest.Algorithm.SHA256, "10", "12"),
                        new BlobShards(Digest.Algorithm.SHA256, "1x", "1x"));
        assertThat(pieces.stream().flatMap(piece -> read(piece).stream())).hasSize(2);
        assertThat(problems.counts()).containsExactly(java.util.Map.entry(Problem.Kind.STRAY, 2L));
    }

    @Test
    void shardsInARowHaveNamesOfHexDigitsInOrder() {
        for (BlobShards wrong : List.of(
                new BlobShards(Digest.Algorithm.SHA256, "1x", "22"),
                new BlobShards(Digest.Algorithm.SHA256, "10", "2"),
                new BlobShards(Digest.Algorithm.SHA256, "22", "21"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> read(wrong)).withMessageContaining("no shards");
        }
    }

    private void blobs(int shard, int number) throws IOException {
        for (int i = 0; i < number; i++) {
            String name = "%02x".formatted(shard);
            Path blob = Files.createDirectories(sha256.resolve(name).resolve(name + "%062x".formatted(i)));
            Files.writeString(blob.resolve("data"), "blob");
        }
    }

    private List<StoredBlob> read(BlobShards piece) {
        List<StoredBlob> blobs = new ArrayList<>();
        var totals = piece.read(storage, blobs::add, left -> {}, problems);
        assertThat(totals.blobs()).isEqualTo(blobs.size());
        assertThat(totals.bytes()).isEqualTo(4L * blobs.size());
        return blobs;
    }
}
