package dev.tidemark.enumerator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.enumerator.pin.LastPulls;
import dev.tidemark.enumerator.pin.RunPolicy;
import dev.tidemark.enumerator.read.SubjectReader;
import dev.tidemark.policy.Policy;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.KnownSubject;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.schemas.TagsRecord.Tag;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord.Done;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.testkit.ReferrersOnDisk;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories with what cosign 2 and 3, Notation and oras attach, read by one run after the other. */
class OrphanedReferrersTest {

    private static final Topics TOPICS = new Topics("t.", 3);
    private static final Policy POLICY =
            Policy.parse("policies: [{ name: p, repositories: ['**'], referrers: { orphanedAfter: 24h } }]");

    @TempDir
    private Path directory;

    private final Map<String, KnownSubject> known = new HashMap<>();
    private RegistryOnDisk registry;
    private RepositoryOnDisk app;
    private int day = 1;
    private Done done;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("app");
    }

    @Test
    void aFileThatASweepHasTakenIsGoneTheDayAfterARunHasFoundThat() {
        String live = signed("live");
        String dead = signed("dead");
        app.tag("v1", live).tag("pr-1", dead);
        registry.age(Duration.ofDays(900));
        assertThat(going("app")).as("both are there").isEmpty();
        RegistryOnDisk.remove(app.revision(dead).getParent());
        RegistryOnDisk.remove(app.tagDirectory("pr-1"));
        RegistryOnDisk.remove(registry.data(dead).getParent());

        assertThat(going("app")).as("found gone by this run").isEmpty();
        assertThat(going("app")).isEqualTo(ReferrersOnDisk.tags(dead));
        assertThat(done).returns(4L, Done::going).returns(4L, Done::orphans).returns(1L, Done::staying);

        app.link(dead);
        assertThat(going("app")).as("it is back").isEmpty();
    }

    @Test
    void theHistoryOfATagAndAnEmptyDirectorySayThatItWasThere() {
        String moved = signed("moved");
        String deleted = signed("deleted");
        String never = signed("never seen");
        app.tag("v1", moved).tag("v1", app.image("new"));
        registry.age(Duration.ofDays(900));
        RegistryOnDisk.remove(app.revision(moved).getParent());
        RegistryOnDisk.remove(app.revision(deleted));
        RegistryOnDisk.remove(app.revision(never).getParent());
        for (String each : new String[] {moved, deleted, never}) {
            RegistryOnDisk.remove(registry.data(each).getParent());
        }
        going("app");

        Set<String> both = new TreeSet<>(ReferrersOnDisk.tags(moved));
        both.addAll(ReferrersOnDisk.tags(deleted));
        assertThat(going("app")).isEqualTo(both);
    }

    @Test
    void aFileThatAnotherRepositoryHasIsNotGone() {
        String image = signed("image");
        registry.repo("other").link(image);
        registry.age(Duration.ofDays(900));
        going("app");
        RegistryOnDisk.remove(app.revision(image));

        going("app");
        assertThat(going("app")).isEmpty();
    }

    @Test
    void aLinkWhoseManifestIsNotThereIsNotGone() {
        String image = signed("image");
        registry.age(Duration.ofDays(900));
        going("app");
        RegistryOnDisk.remove(registry.data(image));

        going("app");
        assertThat(going("app")).isEmpty();
    }

    private String signed(String seed) {
        return new ReferrersOnDisk(app).signed(seed);
    }

    /** The tags that go in a run a day after the last one. */
    private Set<String> going(String repository) {
        var run = new RunId("202601%02d-000000".formatted(day++));
        long now = run.time().toEpochMilli();
        Storage storage = FilesystemStorage.open(registry.root());
        var lane = new RecordingLane();
        var subjects = new SubjectReader(
                run,
                now,
                () -> now,
                key -> Optional.ofNullable(known.get(key)),
                digest -> storage.stat(Layout.blobData(digest)).isPresent(),
                Duration.ofDays(15));
        done = new ItemPublisher(
                        storage,
                        new ManifestReader(storage)::read,
                        subjects,
                        true,
                        new Options(0, false, false),
                        file -> 0,
                        new RunPolicy(
                                Optional.of(POLICY), now, new Options(now, false, false), LastPulls.NONE, Map.of()),
                        new EnumerationPublisher(TOPICS, run, lane, new EnumeratorMeter()))
                .publish(new WorkRecord.Repository(run, 0, repository, List.of(), null, null, null));
        known.putAll(subjects.updates());
        return lane.sent(TOPICS.tags(), null, TagsRecord.class).stream()
                .flatMap(record -> record.tags().stream())
                .filter(Tag::goes)
                .map(Tag::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
