package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.Trash.Trashed;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which versions a purge destroys. */
class VersionPurgeTest extends VersionedRegistry {

    /** By another process, after the purge has looked at the versions. */
    @Test
    void aFileThatComesBackWhileItIsPurgedStays() {
        String file = written("layer");
        trash.take(RUN, List.of(file), () -> true);
        beforeDeletion(() -> assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK));

        trash.purge(RUN, List.of(file), () -> true);

        assertThat(content(file)).isEqualTo("layer");
    }

    @Test
    void anOlderVersionDoesNotShowUpAgain() {
        String file = written("one");
        write(file, "two");
        trash.take(RUN, List.of(file), () -> true);

        assertThat(trash.purge(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(storage.stat(file)).isEmpty();
        assertThat(files(RUN)).isEmpty();
        assertThat(versions(key(file)).versions()).hasSize(1);
        assertThat(versions(key(file)).deleteMarkers()).hasSize(1);
    }

    @Test
    void aPurgeLeavesWhatSomebodyElseHasBroughtBack() {
        String file = written("layer");
        trash.take(RUN, List.of(file), () -> true);
        destroy(file, versions(key(file)).deleteMarkers().getFirst().versionId());

        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.IN_PLACE);
        assertThat(trash.purge(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(content(file)).isEqualTo("layer");
        assertThat(files(RUN)).isEmpty();
    }

    @Test
    void aPurgeDestroysTheOldVersionOfWhatWasPushedAgain() {
        String file = written("layer");
        trash.take(RUN, List.of(file), () -> true);
        write(file, "layer");

        assertThat(trash.purge(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(content(file)).isEqualTo("layer");
        assertThat(versions(key(file)).versions()).hasSize(1);
    }

    /** A sweep of a later run has it, and keeps it for as long as that run has asked for. */
    @Test
    void aPurgeLeavesWhatAnotherRunHasTakenAgain() {
        String file = written("layer");
        trash.take(EARLIER, List.of(file), () -> true);
        destroy(file, versions(key(file)).deleteMarkers().getFirst().versionId());
        trash.take(RUN, List.of(file), () -> true);

        assertThat(trash.purge(EARLIER, List.of(file), () -> true)).isEmpty();

        assertThat(files(EARLIER)).isEmpty();
        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
        assertThat(content(file)).isEqualTo("layer");
    }

    @Test
    void aFileThatIsWrittenBetweenTheLookAndTheDeletionIsKept() {
        String file = written("old");
        trash.onlyIfAsked();
        beforeDeletion(() -> write(file, "new"));
        assertThat(trash.take(RUN, List.of(file), () -> true)).isEmpty();
        long since = files(RUN).getFirst().since();

        assertThat(trash.purge(RUN, List.of(file), () -> true).get(file))
                .hasMessageContaining("was written while it was swept");

        assertThat(versions(key(file)).versions()).hasSize(2);
        Trashed kept = files(RUN).getFirst();
        assertThat(kept.size()).isEqualTo(3);
        assertThat(kept.modified())
                .as("of the later version")
                .isEqualTo(BucketPages.stat(
                                file,
                                3L,
                                versions(key(file)).versions().getFirst().lastModified(),
                                null)
                        .modified());
        assertThat(kept.since()).isEqualTo(since);
        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
        assertThat(content(file)).isEqualTo("new");
    }
}
