package dev.tidemark.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.RegistryOnDisk;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The contract of every trash: whatever is moved into it comes back, or is purged. */
public abstract class TrashContract extends RegistryWithTrash {

    private static final RunId LATER = new RunId("20261130-030000");

    @Test
    void filesThatAreTakenComeBackAsTheyWere() {
        long modified = storage.stat(data).orElseThrow().modified();
        trash.prepare(RUN, Duration.ofHours(24));

        assertThat(trash.take(RUN, List.of(link, data), () -> true)).isEmpty();

        assertGone(data);
        assertGone(link);
        assertThat(trash.runs()).containsExactly(RUN);
        assertThat(trash.terms(RUN).keep()).isEqualTo(Duration.ofHours(24));
        assertThat(files(RUN)).extracting(Trashed::path).containsExactlyInAnyOrder(link, data);
        assertThat(files(RUN))
                .allSatisfy(file -> assertThat(file.since()).isCloseTo(trash.now(), Offset.offset(60_000L)));
        assertThat(files(RUN))
                .filteredOn(file -> file.path().equals(data))
                .extracting(Trashed::modified)
                .containsExactly(modified);

        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.BACK);
        assertThat(trash.restore(RUN, link)).isEqualTo(Restored.BACK);

        assertThat(snapshot()).isEqualTo(before);
        trash.end(RUN);
        assertThat(trash.runs()).isEmpty();
    }

    /** Whoever takes it down may be killed, and the next look is to find it. */
    @Test
    void aFileThatIsBackIsInTheTrashAsWellUntilThatIsTakenDown() {
        trash.take(RUN, List.of(data), () -> true);
        List<Trashed> then = new ArrayList<>();

        trash.restore(RUN, data, () -> {
            assertThat(snapshot()).isEqualTo(before);
            then.addAll(files(RUN));
        });

        assertThat(then).extracting(Trashed::path).containsExactly(data);
        assertThat(files(RUN)).isEmpty();
    }

    @Test
    void aFileThatTheRegistryHasAgainIsNotReplaced() {
        trash.take(RUN, List.of(data), () -> true);
        write(data, "again");

        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.IN_PLACE);

        assertContent(data, "again");
        assertThat(files(RUN)).hasSize(1);
    }

    @Test
    void aTrashThatSomebodyHasEmptiedHasNothing() {
        trash.prepare(RUN, Duration.ZERO);
        trash.take(RUN, List.of(data), () -> true);
        removeTrash();

        assertThat(trash.runs()).isEmpty();
        assertThat(files(RUN)).isEmpty();
        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.NOT_THERE);
        assertThat(trash.purge(RUN, List.of(data), () -> true)).isEmpty();
        assertThat(trash.terms(RUN).keep()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void aPurgeDestroysAndLeavesNothing() {
        trash.prepare(RUN, Duration.ZERO);
        trash.take(RUN, List.of(data), () -> true);
        trash.take(LATER, List.of(link), () -> true);

        assertThat(trash.purge(RUN, List.of(data), () -> true)).isEmpty();

        trash.end(RUN);
        assertThat(trash.runs()).containsExactly(LATER);
        assertThat(trash.purge(LATER, List.of(link), () -> true)).isEmpty();
        trash.end(LATER);
        assertThat(trash.runs()).isEmpty();
    }

    @Test
    void theTrashOfARunThatTookNothingEnds() {
        trash.prepare(RUN, Duration.ofDays(7));

        trash.end(RUN);

        assertThat(trash.runs()).isEmpty();
    }

    @Test
    void manySweepersMakeTheTrashOfARunAtOnce() {
        for (int round = 0; round < 20; round++) {
            Parallel.forEach(List.of(1, 2, 3, 4, 5, 6, 7, 8), 8, sweeper -> trash.prepare(RUN, Duration.ofDays(1)));
            assertThat(trash.terms(RUN).keep()).isEqualTo(Duration.ofDays(1));
            trash.end(RUN);
            assertThat(trash.runs()).isEmpty();
        }
    }

    @Test
    void aTrashWithAFileDoesNotEnd() {
        trash.prepare(RUN, Duration.ofDays(7));
        trash.take(RUN, List.of(data), () -> true);

        trash.end(RUN);

        assertThat(trash.terms(RUN).keep()).isEqualTo(Duration.ofDays(7));
        assertThat(files(RUN)).hasSize(1);
    }

    @Test
    void theLongestTimeThatIsAskedForCounts() {
        trash.prepare(RUN, Duration.ofDays(7));
        long made = trash.terms(RUN).made();
        trash.prepare(RUN, Duration.ZERO);
        assertThat(trash.terms(RUN)).isEqualTo(new Trash.Terms(Duration.ofDays(7), made));

        trash.prepare(RUN, Duration.ofDays(8));
        assertThat(trash.terms(RUN)).isEqualTo(new Trash.Terms(Duration.ofDays(8), made));
    }

    @Test
    void nothingMovesThatMayNot() {
        assertThat(trash.take(RUN, List.of(data), () -> false).get(data)).isInstanceOf(NotAllowedException.class);
        assertThat(snapshot()).isEqualTo(before);

        trash.take(RUN, List.of(data), () -> true);
        assertThat(trash.purge(RUN, List.of(data), () -> false).get(data)).isInstanceOf(NotAllowedException.class);
        assertThat(files(RUN)).hasSize(1);
    }

    /** By its directory all of it is found: with the time at which it was last written, whatever the trash is. */
    @Test
    void theFilesOfAnUploadAreFoundAndComeBack() {
        String id = "3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90";
        registry.repo("team/app").upload(id, Instant.now());
        registry.repo("team/app").upload(id.replace('3', '4'), Instant.now());
        registry.age(Duration.ofDays(2));
        store();
        before = snapshot();
        String upload = Layout.upload("team/app", id);
        List<String> all = List.of(upload + "/startedat", upload + "/data", upload + "/hashstates/sha256/10");
        long modified = storage.stat(all.getFirst()).orElseThrow().modified();
        trash.prepare(RUN, Duration.ofHours(24));

        assertThat(trash.take(RUN, all, () -> true)).isEmpty();

        List<Trashed> found = new ArrayList<>();
        trash.files(RUN, upload, found::add);
        assertThat(found).extracting(Trashed::path).containsExactlyInAnyOrderElementsOf(all);
        assertThat(found)
                .filteredOn(file -> file.path().equals(all.getFirst()))
                .extracting(Trashed::modified)
                .containsExactly(modified);
        assertThat(files(RUN)).extracting(Trashed::path).containsExactlyInAnyOrderElementsOf(all);

        all.forEach(path -> assertThat(trash.restore(RUN, path)).isEqualTo(Restored.BACK));

        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void filesBelowADigestsDirectoryAreFoundWithItsOwn() {
        var app = registry.repo("team/app");
        String image = app.image("image");
        String revision = Layout.revision("team/app", Digest.parse(image));
        String signature =
                revision + "/signatures/sha256/" + Digest.parse(image).hex() + "/link";
        RegistryOnDisk.write(registry.base().resolve(signature), new byte[] {1});
        store();
        trash.take(RUN, List.of(signature, revision + "/link", data), () -> true);

        List<Trashed> found = new ArrayList<>();
        trash.files(RUN, revision, found::add);

        assertThat(found).extracting(Trashed::path).containsExactlyInAnyOrder(signature, revision + "/link");
    }
}
