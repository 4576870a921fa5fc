package dev.tidemark.enumerator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.enumerator.EmulatedBucket;
import dev.tidemark.enumerator.pin.LastPulls;
import dev.tidemark.enumerator.pin.RunPolicy;
import dev.tidemark.enumerator.read.SubjectSource;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Leftover;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord.Done;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.Held;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.S3Server;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The records of multipart uploads of a bucket that nobody has completed. */
class BegunPartsTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final Topics TOPICS = new Topics("t.", 3);
    private static final String UPLOAD = "3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90";
    private static final String BASE = "docker/registry/v2/";
    private static final Instant NOW = Instant.now();

    @TempDir
    private Path directory;

    private S3Server server;
    private RegistryOnDisk registry;
    private Storage storage;
    private Done done;

    @BeforeEach
    void aBucket() {
        server = S3Server.on(directory);
        registry = RegistryOnDisk.at(server.bucket("registry"));
        registry.repo("team/app").image("image");
        storage = EmulatedBucket.of(server);
    }

    @AfterEach
    void stop() {
        storage.close();
        server.close();
    }

    @Test
    void eachHasItsTimeAndItsBytesWhereverItIs() {
        String upload = begin(data("team/app"), "some", "bytes");
        String blob = begin(Layout.blobData(Digest.parse("sha256:" + "a".repeat(64))), "copied");
        String copy = server.beginParts("registry", "tidemark/trash/20260101-000000/blobs/data.1", "copied");
        server.ageParts("registry", Duration.ofDays(8));

        Map<String, Leftover> found = read(List.of());

        assertThat(found)
                .hasSize(3)
                .allSatisfy((path, of) -> assertThat(of)
                        .returns(Kind.MULTIPART, Leftover::kind)
                        .returns(null, Leftover::pinned)
                        .matches(one ->
                                one.modified() < NOW.minus(Duration.ofDays(7)).toEpochMilli()));
        String name = "_uploads/" + UPLOAD + "/data?uploadId=" + upload;
        assertThat(found.get(name))
                .returns(9L, Leftover::bytes)
                .returns(Layout.leftoverDigest("team/app", name), Leftover::digest);
        assertThat(found.keySet())
                .anyMatch(path -> path.startsWith("blobs/") && path.endsWith(blob))
                .anyMatch(path -> path.startsWith("/tidemark/trash/") && path.endsWith(copy));
        assertThat(done.problems()).isEmpty();
        assertThat(done.records().stream().mapToLong(sent -> sent.count()).sum())
                .isEqualTo(3);
    }

    /** Its client may have taken a week for the parts before. */
    @Test
    void oneIsAsYoungAsItsLastPartOrAnyFileOfItsUpload() {
        begin(data("team/app"), "bytes");
        assertThat(only().modified()).as("begun just now").isGreaterThan(NOW.toEpochMilli() - 2000);
        server.ageParts("registry", Duration.ofDays(8));
        registry.repo("team/app").upload(UPLOAD, NOW.minus(Duration.ofDays(6)));
        registry.age(Duration.ofDays(8));

        assertThat(only().modified()).isEqualTo(NOW.minus(Duration.ofDays(6)).getEpochSecond() * 1000);
        assertThat(only().pinned()).isNull();
    }

    @Test
    void oneOfAnUploadWhoseAgeCantBeToldIsKept() {
        begin(data("team/app"), "bytes");
        server.ageParts("registry", Duration.ofDays(8));
        registry.repo("team/app").upload(UPLOAD, NOW);
        RegistryOnDisk.write(
                registry.repo("team/app").directory().resolve("_uploads/" + UPLOAD + "/startedat"), new byte[0]);
        registry.age(Duration.ofDays(8));

        assertThat(only().pinned()).isEqualTo("of its upload when it was begun can't be read");
        assertThat(done.problems()).isEqualTo(Map.of(Problem.Kind.UNREADABLE_UPLOAD, 1L));
    }

    @Test
    void oneThatNoRegistryBeginsIsKept() {
        begin("repositories/team/app/_manifests/tags/v1/current/link", "bytes");

        assertThat(only().pinned()).isEqualTo("no registry writes that in parts");
    }

    @Test
    void aHoldOfItsRepositoryKeepsIt() {
        begin(data("team/app"), "bytes");
        var elsewhere = new Hold("other", null, "no audit", "somebody", 1, null);

        assertThat(read(List.of(elsewhere)).values().iterator().next().pinned()).isNull();
        assertThat(read(List.of(elsewhere, new Hold("team/*", null, "an audit", "somebody", 1, null)))
                        .values()
                        .iterator()
                        .next()
                        .pinned())
                .contains("an audit");
    }

    /** Its registry has read and written all the same. */
    @Test
    void aServerThatDoesNotListThemStopsNoRun() {
        begin(data("team/app"), "bytes");
        server.faults(request -> request.operation().equals("ListMultipartUploads")
                ? Optional.of(new Answer.Error(501, "NotImplemented"))
                : Optional.empty());

        assertThat(read(List.of())).isEmpty();
        assertThat(done.problems()).isEqualTo(Map.of(Problem.Kind.UNLISTED_MULTIPARTS, 1L));
        assertThat(done.examples().getFirst().why()).contains("501", "they are left alone");
    }

    private String begin(String path, String... parts) {
        return server.beginParts("registry", BASE + path, parts);
    }

    private static String data(String repository) {
        return Layout.upload(repository, UPLOAD) + "/data";
    }

    private Leftover only() {
        Map<String, Leftover> found = read(List.of());
        assertThat(found).hasSize(1);
        return found.values().iterator().next();
    }

    private Map<String, Leftover> read(List<Hold> holds) {
        var lane = new RecordingLane();
        var options = new Options(
                NOW.minus(Duration.ofDays(1)).toEpochMilli(),
                false,
                true,
                NOW.minus(Duration.ofDays(7)).toEpochMilli());
        done = new ItemPublisher(
                        storage,
                        new ManifestReader(storage)::read,
                        SubjectSource.NONE,
                        true,
                        options,
                        file -> 0,
                        new RunPolicy(Optional.empty(), 0, options, LastPulls.NONE, Map.of()),
                        new EnumerationPublisher(TOPICS, RUN, lane, new EnumeratorMeter()))
                .publish(new WorkRecord.Multiparts(RUN, 0, holds, null));
        return Held.entries(Leftover.class, lane.unpacked(TOPICS.layers(), null))
                .collect(Collectors.toMap(Leftover::path, Function.identity()));
    }
}
