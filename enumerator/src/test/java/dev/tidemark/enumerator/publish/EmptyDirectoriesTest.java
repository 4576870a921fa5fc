package dev.tidemark.enumerator.publish;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.testkit.Held;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The records of repositories that have nothing, and of directories that have lost what they were for. */
class EmptyDirectoriesTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final Topics TOPICS = new Topics("t.", 3);
    private static final Digest ONE = Digest.parse("sha256:" + "1".repeat(64));
    private static final String UPLOAD = "3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90";
    private static final String APP = Layout.repository("app");

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private Long leftovers = 2_000_000_000_000L;
    private Done done;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
    }

    @Test
    void aRepositoryOfDirectoriesIsOneWhateverTheyAre() {
        registry.directory(Layout.revision("app", ONE));
        registry.directory(Layout.layer("app", ONE));
        registry.directory(Layout.upload("app", UPLOAD));
        registry.directory(Layout.tag("app", "v1") + "/index/sha256");
        registry.repo("app/below").image("image");
        registry.ageDirectories(Duration.ofDays(9));
        Path last = registry.directory(Layout.layers("app"));
        RegistryOnDisk.age(last, Duration.ofDays(8));

        assertThat(repository("app"))
                .containsExactly(new Leftover(
                        Kind.REPOSITORY,
                        Layout.leftoverDigest("app", null),
                        null,
                        last.toFile().lastModified(),
                        0,
                        null));
        assertThat(done.problems()).isEmpty();
    }

    @Test
    void aRepositoryWithSomethingUnknownIsKeptAndSaysWhat() {
        registry.directory(Layout.layer("app", ONE));
        RegistryOnDisk.write(registry.base().resolve(APP + "/_manifests/.DS_Store"), new byte[1]);

        List<Leftover> found = repository("app");

        assertThat(found).extracting(Leftover::kind).containsExactly(Kind.REPOSITORY, Kind.DIRECTORY);
        assertThat(found).extracting(Leftover::pinned).containsExactly("there is _manifests/.DS_Store in it", null);
    }

    @Test
    void aRepositoryWithAnythingThatARegistryServesIsNone() {
        registry.repo("tagged").image("image");
        registry.repo("linked").layerLink(registry.blob("blob"));
        registry.repo("begun").upload(UPLOAD, Instant.now());
        registry.repo("dangling").tag("v1", ONE.toString());

        for (String repository : List.of("tagged", "linked", "begun", "dangling")) {
            assertThat(repository(repository)).as(repository).noneMatch(left -> left.kind() == Kind.REPOSITORY);
        }
    }

    @Test
    void directoriesThatHaveLostWhatTheyWereForAreFoundOneByOne() {
        registry.repo("app").image("image");
        registry.directory(Layout.revision("app", ONE) + "/signatures");
        registry.directory(Layout.layer("app", ONE));
        registry.directory(Layout.upload("app", UPLOAD) + "/hashstates/sha256");
        registry.directory(Layout.tag("app", "v1") + "/index/sha256");

        assertThat(repository("app"))
                .allMatch(left -> left.kind() == Kind.DIRECTORY && left.pinned() == null && left.bytes() == 0)
                .allMatch(left -> left.digest().equals(Layout.leftoverDigest("app", left.path())))
                .extracting(Leftover::path)
                .containsExactlyInAnyOrder(
                        "_manifests/revisions/sha256/" + ONE.hex(),
                        "_layers/sha256/" + ONE.hex(),
                        "_uploads/" + UPLOAD,
                        "_manifests/tags/v1");
        assertThat(done.problems()).isEmpty();
    }

    @Test
    void oneWithSomethingElseInItIsNoLeftover() {
        registry.repo("app").image("image");
        RegistryOnDisk.write(registry.directory(Layout.layer("app", ONE)).resolve("stray"), new byte[1]);

        assertThat(repository("app")).isEmpty();
        assertThat(done.problems()).isEqualTo(Map.of(Problem.Kind.EMPTY_DIRECTORY, 1L));
    }

    /** By the directory alone a policy may know that the repository has held what a tag of referrers is named for. */
    @Test
    void aTraceOfWhatATagOfReferrersIsNamedForIsKept() {
        registry.repo("app").tag("sha256-" + ONE.hex(), registry.repo("app").image("referrer"));
        registry.directory(Layout.revision("app", ONE));
        registry.directory(Layout.tag("app", "v1") + "/index");
        registry.directory(Layout.layer("app", ONE));

        assertThat(repository("app"))
                .filteredOn(left -> left.pinned() == null)
                .extracting(Leftover::path)
                .containsExactly("_layers/sha256/" + ONE.hex());
    }

    @Test
    void aHeldRepositoryStays() {
        registry.directory(Layout.layers("app"));

        assertThat(repository("app", new Hold("app", null, "an audit", "somebody", 1, null)))
                .singleElement()
                .extracting(Leftover::pinned)
                .asString()
                .contains("an audit");
    }

    @Test
    void theDirectoryOfABlobIsInNoRepository() {
        registry.blob("blob");
        registry.directory(Layout.blob(ONE));

        assertThat(publish(new WorkRecord.Shards(RUN, 0, "sha256", "00", "ff", null, List.of(), null)))
                .singleElement()
                .returns(Kind.DIRECTORY, Leftover::kind)
                .returns(Layout.blob(ONE), Leftover::path)
                .returns(Layout.leftoverDigest(null, Layout.blob(ONE)), Leftover::digest)
                .returns(null, Leftover::pinned);
        assertThat(done.blobs()).isOne();
    }

    @Test
    void aRunThatLeavesThemAloneCountsThem() {
        leftovers = null;
        registry.repo("app").image("image");
        registry.directory(Layout.layer("app", ONE));

        assertThat(repository("app")).isEmpty();
        assertThat(done.problems()).isEqualTo(Map.of(Problem.Kind.EMPTY_DIRECTORY, 1L));
    }

    private List<Leftover> repository(String name, Hold... holds) {
        return publish(new WorkRecord.Repository(RUN, 0, name, List.of(holds), null, null, null));
    }

    private List<Leftover> publish(WorkRecord item) {
        var lane = new RecordingLane();
        var options = new Options(0, false, true, leftovers);
        try (var storage = FilesystemStorage.open(registry.root())) {
            done = new ItemPublisher(
                            storage,
                            new ManifestReader(storage)::read,
                            SubjectSource.NONE,
                            true,
                            options,
                            file -> 0,
                            new RunPolicy(Optional.empty(), 0, options, LastPulls.NONE, Map.of()),
                            new EnumerationPublisher(TOPICS, RUN, lane, new EnumeratorMeter()))
                    .publish(item);
        }
        return Held.entries(Leftover.class, lane.unpacked(TOPICS.layers(), null))
                .toList();
    }
}
