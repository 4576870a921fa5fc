package dev.tidemark.enumerator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.enumerator.pin.LastPulls;
import dev.tidemark.enumerator.pin.RunPolicy;
import dev.tidemark.enumerator.read.SubjectSource;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Leftover;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Hold;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The records of uploads that were begun and not finished. */
class BegunUploadsTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final Topics TOPICS = new Topics("t.", 3);
    private static final String ONE = "3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90";
    private static final String OTHER = "00000000-0b7d-4c58-9e21-5d4f8a7b6c90";
    private static final Instant NOW = Instant.now();

    @TempDir
    private Path directory;

    private final RecordingLane lane = new RecordingLane();
    private RegistryOnDisk registry;
    private Done done;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
    }

    @Test
    void eachHasItsTimeAndItsBytes() {
        registry.repo("team/app").image("image");
        registry.repo("team/app").upload(ONE, NOW.minus(Duration.ofDays(8)));
        registry.repo("team/app").upload(OTHER, NOW.minus(Duration.ofDays(9)));
        registry.age(Duration.ofDays(10));

        Map<String, Leftover> found = read("team/app", List.of());

        assertThat(found).containsOnlyKeys(ONE, OTHER);
        assertThat(found.get(ONE))
                .returns(Layout.uploadDigest("team/app", ONE), Leftover::digest)
                .returns(NOW.minus(Duration.ofDays(8)).getEpochSecond() * 1000, Leftover::modified)
                .returns(35L, Leftover::bytes)
                .returns(null, Leftover::pinned);
        assertThat(found.get(ONE).modified()).isGreaterThan(found.get(OTHER).modified());
        assertThat(done.layerLinks()).as("they are no links").isEqualTo(3);
        assertThat(done.problems()).isEmpty();
        assertThat(done.records().stream()
                        .filter(sent -> sent.input() == Input.LAYERS)
                        .mapToLong(sent -> sent.count())
                        .sum())
                .as("and are counted where they are sent")
                .isEqualTo(3 + 2);
    }

    @Test
    void oneWhoseAgeCantBeToldIsKept() throws IOException {
        Path upload = registry.repo("app").upload(ONE, NOW);
        Files.writeString(upload.resolve("startedat"), "");
        registry.repo("app").upload("no-uuid", NOW);
        registry.age(Duration.ofDays(10));

        Map<String, Leftover> found = read("app", List.of());

        assertThat(found.get(ONE).pinned()).isEqualTo("when it was begun can't be read");
        assertThat(found.get("no-uuid").pinned()).isEqualTo("no registry makes an upload of that name");
        assertThat(done.problems()).isEqualTo(Map.of(Problem.Kind.UNREADABLE_UPLOAD, 2L));
    }

    /** An operator may have moved them to another disk. */
    @Test
    void uploadsBehindALinkOutOfTheRootAreLeftAlone() throws IOException {
        registry.repo("app").image("image");
        Path outside = Files.createDirectory(directory.resolve("uploads"));
        Files.createSymbolicLink(registry.repo("app").directory().resolve("_uploads"), outside);

        assertThat(read("app", List.of())).isEmpty();
        assertThat(done.layerLinks()).isEqualTo(3);
        assertThat(done.problems()).isEqualTo(Map.of(Problem.Kind.UNREADABLE_UPLOAD, 1L));
    }

    @Test
    void aHoldOfItsRepositoryKeepsIt() {
        registry.repo("app").upload(ONE, NOW);

        assertThat(read("app", List.of(new Hold("app", null, "an audit", "somebody", 1, null)))
                        .get(ONE)
                        .pinned())
                .contains("an audit");
    }

    @Test
    void nothingIsDeletedWhereNoRegistryServes() {
        registry.repo("App").upload(ONE, NOW);

        assertThat(read("App", List.of()).get(ONE).pinned()).contains("name is not valid");
    }

    /** They may be many, and each look costs a request in a bucket. */
    @Test
    void aRunThatLeavesThemAloneDoesNotLookAtThem() {
        registry.repo("app").image("image");
        registry.repo("app").upload("no-uuid", NOW);
        registry.age(Duration.ofDays(10));

        assertThat(read("app", List.of(), null)).isEmpty();
        assertThat(done.layerLinks()).isEqualTo(3);
        assertThat(done.problems()).as("nobody has looked").isEmpty();
    }

    private Map<String, Leftover> read(String repository, List<Hold> holds) {
        return read(repository, holds, NOW.minus(Duration.ofDays(7)).toEpochMilli());
    }

    private Map<String, Leftover> read(String repository, List<Hold> holds, Long leftovers) {
        var options = new Options(NOW.minus(Duration.ofDays(1)).toEpochMilli(), false, true, leftovers);
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
                    .publish(new WorkRecord.Repository(RUN, 0, repository, holds, null, null, null));
        }
        return Held.entries(Leftover.class, lane.unpacked(TOPICS.layers(), null))
                .collect(Collectors.toMap(found -> Layout.uploadId(found.path()), Function.identity()));
    }
}
