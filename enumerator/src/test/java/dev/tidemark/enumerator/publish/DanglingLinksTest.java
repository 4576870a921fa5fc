package dev.tidemark.enumerator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.enumerator.known.KnownDangling;
import dev.tidemark.enumerator.pin.LastPulls;
import dev.tidemark.enumerator.pin.RunPolicy;
import dev.tidemark.enumerator.read.SubjectSource;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Leftover;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.KnownSubject;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.ManifestLink;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.testkit.Held;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The records of links to manifests that are not there, and since when runs know that. */
class DanglingLinksTest {

    private static final Topics TOPICS = new Topics("t.", 3);
    private static final long LATER = 2_000_000_000_000L;

    @TempDir
    private Path directory;

    private final Map<String, KnownSubject> known = new HashMap<>();
    private RegistryOnDisk registry;
    private RepositoryOnDisk app;
    private boolean history = true;
    private boolean keep;
    private Long leftovers = LATER;
    private int day = 1;
    private Optional<RunId> before = Optional.empty();
    private Map<Problem.Kind, Long> problems;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("app");
    }

    @Test
    void aTagAndARevisionWhoseManifestIsNotThereAreFound() {
        String lost = app.image("lost");
        app.tag("v1", lost).tag("live", app.image("live"));
        registry.age(Duration.ofDays(900));
        RegistryOnDisk.remove(registry.data(lost));

        List<Leftover> found = links();

        assertThat(found)
                .extracting(Leftover::path)
                .containsExactlyInAnyOrder(
                        path(ManifestLink.current("v1")), path(ManifestLink.revision(Digest.parse(lost))));
        assertThat(found)
                .allSatisfy(link -> assertThat(link)
                        .returns(null, Leftover::pinned)
                        .returns(time(1), Leftover::modified)
                        .returns(71L, Leftover::bytes)
                        .returns(Layout.leftoverDigest("app", link.path()), Leftover::digest));
    }

    @Test
    void aTagAndAnEntryOfAHistoryWhoseRevisionIsNotThereAreFound() {
        String first = app.image("first");
        String unlinked = app.image("unlinked");
        app.tag("v1", first).tag("v1", app.image("second")).tag("v2", first).tag("v2", unlinked);
        RegistryOnDisk.remove(app.revision(first));
        RegistryOnDisk.remove(app.revision(unlinked));

        assertThat(links())
                .extracting(Leftover::path)
                .as("the history of a tag that goes is part of it")
                .containsExactlyInAnyOrder(
                        path(ManifestLink.current("v2")), path(ManifestLink.past("v1", Digest.parse(first))));

        history = false;
        assertThat(links())
                .as("in a run that deletes no manifests")
                .extracting(Leftover::path)
                .containsExactly(path(ManifestLink.current("v2")));
    }

    @Test
    void theFirstOfTheRunsThatFollowedEachOtherSaysSinceWhen() throws IOException {
        String lost = app.image("lost");
        byte[] manifest = Files.readAllBytes(registry.data(lost));
        registry.age(Duration.ofDays(900));
        RegistryOnDisk.remove(registry.data(lost));
        assertThat(since()).isEqualTo(time(1));
        assertThat(since()).isEqualTo(time(1));

        Files.write(registry.data(lost), manifest);
        assertThat(links()).isEmpty();
        RegistryOnDisk.remove(registry.data(lost));
        assertThat(since()).as("it was there in between").isEqualTo(time(4));
        assertThat(since()).isEqualTo(time(4));

        leftovers = null;
        assertThat(links()).isEmpty();
        leftovers = LATER;
        assertThat(since()).as("a run did not look").isEqualTo(time(7));

        before = Optional.empty();
        assertThat(since()).as("which runs there were is not known").isEqualTo(time(8));
    }

    @Test
    void aRunThatFailedCountsWhereItFoundTheLinkAndEndsNothingElsewhere() {
        RegistryOnDisk.remove(registry.data(app.image("lost")));
        since();
        Optional<RunId> whole = before;
        day++;
        assertThat(since()).as("one before it saw nothing").isEqualTo(time(1));
        known.clear();
        before = whole;
        assertThat(since()).isEqualTo(time(4));
        before = whole;
        assertThat(since()).as("only one that failed has found it").isEqualTo(time(4));
    }

    @Test
    void aRunWhoseClockSaidAnotherYearIsNoneThatWasFollowed() {
        RegistryOnDisk.remove(registry.data(app.image("lost")));
        since();
        before = Optional.of(new RunId("19700101-000010"));
        known.replaceAll((link, seen) -> new KnownSubject(before.orElseThrow(), 0L));

        assertThat(since()).isEqualTo(time(2));
    }

    @Test
    void aLinkThatWasWrittenSinceIsAsOldAsThat() throws IOException {
        String lost = app.image("lost");
        RegistryOnDisk.remove(registry.data(lost));
        since();
        Files.setLastModifiedTime(app.revision(lost), FileTime.fromMillis(time(2)));

        assertThat(since()).isEqualTo(time(2));
    }

    /** By its history a policy may keep the image. */
    @Test
    void aTagStaysWhoseHistoryNamesAnImageThatIsThere() {
        String lost = app.image("lost");
        app.tag("v1", app.image("first")).tag("v1", lost);
        RegistryOnDisk.remove(app.revision(lost).getParent());

        assertThat(links()).singleElement().returns("its history names a manifest that is there", Leftover::pinned);
    }

    @Test
    void aRepositoryThatLosesAllItsTagsIsCounted() {
        String lost = app.image("lost");
        app.tag("v1", lost).tag("v2", lost);
        registry.age(Duration.ofDays(900));
        RegistryOnDisk.remove(registry.data(lost));
        links();
        assertThat(problems).containsEntry(Problem.Kind.LOST_REPOSITORY, 1L);

        links(hold("app:v1", null));
        assertThat(problems).doesNotContainKey(Problem.Kind.LOST_REPOSITORY);
        leftovers = time(1);
        links();
        assertThat(problems).as("it is not known for long").doesNotContainKey(Problem.Kind.LOST_REPOSITORY);
    }

    @Test
    void aChildOfAnIndexStays() {
        String child = app.image("child");
        app.tag("list", app.index(child));
        RegistryOnDisk.remove(registry.data(child));

        assertThat(links()).singleElement().returns("a manifest of the repository names it", Leftover::pinned);
    }

    @Test
    void inDoubtAllStay() throws IOException {
        String lost = app.image("lost");
        app.tag("v1", lost).tag("odd", app.image("image"));
        Files.writeString(app.currentLink("odd"), "");
        RegistryOnDisk.remove(registry.data(lost));
        history = false;

        assertThat(links())
                .hasSize(2)
                .allMatch(link -> link.pinned().equals("in a repository with a tag that can't be read"));
    }

    @Test
    void heldOnesStay() {
        String lost = app.image("lost");
        app.tag("v1", lost);
        RegistryOnDisk.remove(registry.data(lost));

        assertThat(links(hold("app", null))).allMatch(DanglingLinksTest::isHeld).hasSize(2);
        assertThat(links(hold("app:v1", null)))
                .filteredOn(DanglingLinksTest::isHeld)
                .hasSize(2);
        assertThat(links(hold("app@" + lost, null)))
                .allMatch(DanglingLinksTest::isHeld)
                .hasSize(2);
        assertThat(links(hold("app:v2", null)))
                .noneMatch(DanglingLinksTest::isHeld)
                .hasSize(2);

        RegistryOnDisk.remove(app.revision(lost).getParent());
        assertThat(links(hold("app:v1", null))).singleElement().matches(DanglingLinksTest::isHeld);
        assertThat(links(hold("app:v2", null))).singleElement().matches(link -> !isHeld(link));
    }

    @Test
    void aRunThatKeepsThemSaysSo() {
        String lost = app.image("lost");
        RegistryOnDisk.remove(registry.data(lost));
        keep = true;

        assertThat(links()).singleElement().matches(link -> link.pinned().endsWith("the run keeps what is dangling"));
        keep = false;
        assertThat(since()).as("its time counts").isEqualTo(links().getFirst().modified());
    }

    private static boolean isHeld(Leftover link) {
        return Hold.isHold(link.pinned());
    }

    private static Hold hold(String subject, Digest digest) {
        return new Hold(subject, digest, "an audit", "somebody", 1, null);
    }

    private static String path(ManifestLink link) {
        return link.path();
    }

    private static RunId run(int day) {
        return new RunId("203001%02d-000000".formatted(day));
    }

    private static long time(int day) {
        return run(day).time().toEpochMilli();
    }

    private long since() {
        List<Leftover> found = links();
        assertThat(found).hasSize(1);
        return found.getFirst().modified();
    }

    /** Found by a run a day after the last one. */
    private List<Leftover> links(Hold... holds) {
        RunId run = run(day++);
        long now = run.time().toEpochMilli();
        var lane = new RecordingLane();
        var options = new Options(LATER, history, true, leftovers);
        var dangling =
                new KnownDangling(run, () -> now, keep, () -> before, key -> Optional.ofNullable(known.get(key)));
        try (var storage = FilesystemStorage.open(registry.root())) {
            problems = new ItemPublisher(
                            storage,
                            new ManifestReader(storage)::read,
                            SubjectSource.NONE,
                            history,
                            options,
                            dangling,
                            new RunPolicy(Optional.empty(), now, options, LastPulls.NONE, Map.of()),
                            new EnumerationPublisher(TOPICS, run, lane, new EnumeratorMeter()))
                    .publish(new WorkRecord.Repository(run, 0, "app", List.of(holds), null, null, null))
                    .problems();
        }
        known.putAll(dangling.updates());
        before = Optional.of(run);
        return Held.entries(Leftover.class, lane.unpacked(TOPICS.layers(), null))
                .filter(link -> link.kind() == Kind.LINK)
                .toList();
    }
}
