package dev.tidemark.enumerator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.enumerator.EmulatedBucket;
import dev.tidemark.enumerator.pin.LastPulls;
import dev.tidemark.enumerator.pin.RunPolicy;
import dev.tidemark.enumerator.read.SubjectSource;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Leftover;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord.Done;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.Held;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import dev.tidemark.testkit.S3Server;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are neither blobs nor of uploads: what an item counts of them. */
class OtherFilesTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final Topics TOPICS = new Topics("t.", 3);
    private static final int LINK = "sha256:".length() + 64;
    private static final byte[] FIVE = "bytes".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory;

    private final RecordingLane lane = new RecordingLane();
    private RegistryOnDisk registry;
    private boolean history = true;
    private Long leftovers = Instant.now().toEpochMilli();

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
    }

    @Test
    void linksAreCountedByTheirPlace() {
        RepositoryOnDisk app = registry.repo("team/app");
        String image = app.image("image");
        app.tag("v1", app.image("old")).tag("v1", image).tag("latest", image);

        assertThat(repository("team/app").otherFiles()).isEqualTo(files(links(2 + 2 + 6), links(3), Tally.NONE));

        history = false;
        assertThat(repository("team/app").otherFiles()).isEqualTo(files(links(2 + 2 + 6), null, Tally.NONE));
        registry.repo("untagged").image("image");
        assertThat(repository("untagged").otherFiles()).isEqualTo(files(links(1 + 3), Tally.NONE, Tally.NONE));
    }

    @Test
    void unknownFilesInARepositoryAreCountedOnce() {
        RepositoryOnDisk app = registry.repo("app");
        app.tag("v1", app.image("image"));
        for (String stray : List.of(
                "_layers/file",
                "_layers/@eaDir/below/file",
                "_layers/md5/aa/link",
                "_layers/sha256/no-digest/link",
                "_layers/sha256/" + "ab".repeat(32) + "/other",
                "_manifests/revisions/sha256/file",
                "_manifests/tags/file",
                "_manifests/tags/lost/index/sha256/" + "ab".repeat(32) + "/link",
                "_uploads/file")) {
            RegistryOnDisk.write(app.directory().resolve(stray), FIVE);
        }
        var unknown = new Tally(9, 9L * FIVE.length);

        assertThat(repository("app").otherFiles()).isEqualTo(files(links(1 + 1 + 3), links(1), unknown));

        leftovers = null;
        assertThat(repository("app").otherFiles().unknown())
                .as("nobody looks at uploads")
                .isEqualTo(new Tally(8, 8L * FIVE.length));
    }

    @Test
    void unknownFilesInAShardOfBlobsAreCounted() {
        RegistryOnDisk.write(registry.base().resolve("blobs/sha256/ab/stray"), FIVE);
        RegistryOnDisk.write(registry.base().resolve("blobs/sha256/ab/cd/below/stray"), FIVE);
        RegistryOnDisk.write(registry.blobDirectory("sha256:" + "ab".repeat(32)).resolve("other"), FIVE);

        Done done = read(new WorkRecord.Shards(RUN, 0, "sha256", "ab", "ab", null, List.of(), null));

        assertThat(done.otherFiles()).isEqualTo(OtherFiles.unknown(new Tally(3, 3L * FIVE.length)));
    }

    /** No registry goes so deep. */
    @Test
    void anUploadWhoseAgeCannotBeToldHasAllItsBytes() {
        String id = "65943e48-819d-4195-8f8b-85d83067e157";
        Path upload = registry.repo("app").upload(id, Instant.now());
        long bytes = storage().files(Layout.upload("app", id)).bytes();
        RegistryOnDisk.write(upload.resolve("one/two/three/four/five"), FIVE);

        Done done = repository("app");

        assertThat(bytes).isPositive();
        assertThat(done.problems()).isEqualTo(Map.of(Problem.Kind.UNREADABLE_UPLOAD, 1L));
        assertThat(done.otherFiles().unknown()).isEqualTo(Tally.NONE);
        assertThat(Held.entries(Leftover.class, lane.unpacked(TOPICS.layers(), null)))
                .singleElement()
                .returns(bytes + FIVE.length, Leftover::bytes);
    }

    @Test
    void theTrashIsCountedAndItsFileSystem() {
        String swept = registry.blob(FIVE);
        Trash trash = storage().trash().orElseThrow();
        assertThat(trash()).returns(Tally.NONE, OtherFiles::trash);
        trash.prepare(RUN, Duration.ofDays(1));
        assertThat(trash.take(RUN, List.of(Layout.blobData(Digest.parse(swept))), () -> true))
                .isEmpty();

        assertThat(trash()).returns(new Tally(1, FIVE.length), OtherFiles::trash);
        assertThat(trash().disk().used()).isPositive();
    }

    /** A bucket may let nobody list what is beside the registry. */
    @Test
    void aTrashThatCannotBeListedStopsNoRun() {
        try (var server = S3Server.on(directory)) {
            RegistryOnDisk.at(server.bucket("registry")).blob(FIVE);
            try (Storage bucket = EmulatedBucket.of(server)) {
                server.faults(request -> request.operation().equals("ListObjectsV2")
                        ? Optional.of(new Answer.Error(403, "AccessDenied"))
                        : Optional.empty());
                Done done = read(bucket, new WorkRecord.Trash(RUN, 0, null));

                assertThat(done.otherFiles()).isEqualTo(new OtherFiles(Tally.NONE, Tally.NONE, Tally.NONE, null, null));
                assertThat(done.problems()).isEqualTo(Map.of(Problem.Kind.UNLISTED_TRASH, 1L));
                assertThat(done.examples().getFirst().why()).contains("it is not counted");
            }
        }
    }

    private OtherFiles trash() {
        return read(new WorkRecord.Trash(RUN, 0, null)).otherFiles();
    }

    private static Tally links(int count) {
        return new Tally(count, (long) count * LINK);
    }

    private static OtherFiles files(Tally links, Tally histories, Tally unknown) {
        return new OtherFiles(links, histories, unknown, Tally.NONE, null);
    }

    private Done repository(String name) {
        return read(new WorkRecord.Repository(RUN, 0, name, List.of(), null, null, null));
    }

    private Storage storage() {
        return FilesystemStorage.open(registry.root());
    }

    private Done read(WorkRecord item) {
        return read(storage(), item);
    }

    private Done read(Storage storage, WorkRecord item) {
        var options = new Options(0, false, true, leftovers);
        return new ItemPublisher(
                        storage,
                        new ManifestReader(storage)::read,
                        SubjectSource.NONE,
                        history,
                        options,
                        file -> 0,
                        new RunPolicy(Optional.empty(), 0, options, LastPulls.NONE, Map.of()),
                        new EnumerationPublisher(TOPICS, RUN, lane, new EnumeratorMeter()))
                .publish(item);
    }
}
