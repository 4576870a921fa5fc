package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.RunRecord.TagsSwept;
import dev.tidemark.schemas.Witness;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.order.PartitionProgress;
import dev.tidemark.sweeper.permission.EnumeratedStorage;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing is deleted from a storage that is not the one which the run was planned on. */
class AnotherStorageTest extends EligiblePartition {

    private final Set<Digest> released = new HashSet<>();
    private Digest named;
    private long written;

    @BeforeEach
    void aWitness() {
        named = Digest.parse(image);
        written = storage().stat(Layout.blobData(named)).orElseThrow().modified();
    }

    @Test
    void aRunOfTheSameStorageIsSwept() throws InterruptedException {
        on(work(new FakeRuns(sweepable(new Witness(named, written))), ""), blob(RUN, orphan), 0);

        assertThat(registry.data(orphan)).doesNotExist();
        assertThat(said()).isEmpty();
    }

    @Test
    void aRunOfAnotherStorageFailsAndDeletesNothing() throws InterruptedException {
        Map<String, String> before = registry.snapshot();
        var runs = new FakeRuns(sweepable(new Witness(digest("not here"), written)));

        on(work(runs, ""), blob(RUN, orphan), 0);

        assertRefused(before, "the blob " + digest("not here") + " is not there");
    }

    /** The records were proved by a sweeper that had the right storage. */
    @Test
    void soDoesItWhenItWasSweptElsewhereBefore() throws InterruptedException {
        Map<String, String> before = registry.snapshot();
        PartitionProgress at = PartitionProgress.begin(RUN);
        at.provedUpTo(10);
        var runs = new FakeRuns(sweepable(new Witness(named, written - 5_000)));

        on(work(runs, at.metadata()), blob(RUN, orphan), 5);

        assertRefused(before, "the blob " + named + " was written at ");
    }

    /** It would say that it is through with the partition, and write missing links. */
    @Test
    void soDoesItWhereNothingIsToBeDeleted() throws InterruptedException {
        Map<String, String> before = registry.snapshot();
        var runs = new FakeRuns(sweepable(new Witness(digest("not here"), written)));

        on(work(runs, ""), new EndOfEligible(RUN, 0, 0, Checksum.NONE), 0);

        assertRefused(before, "is not there");
    }

    @Test
    void aWitnessThatTheRunItselfHasDeletedSaysNothing() {
        Run run = run(null, new Witness(digest("deleted"), 1), new Witness(named, written));
        released.add(digest("deleted"));

        assertThatCode(() -> here().require(run, lane)).doesNotThrowAnyException();
    }

    @Test
    void oneThatItHasNotDeletedIsEnough() {
        Run run = run(null, new Witness(digest("deleted"), 1), new Witness(digest("not here"), written));
        released.add(digest("deleted"));

        assertThatIllegalStateException()
                .isThrownBy(() -> here().require(run, lane))
                .withMessageContaining(digest("not here").toString());
    }

    /** Before, no blob of the run is deleted by anybody. */
    @Test
    void withAPolicyOnlyAfterAllTagsAreSwept() {
        var gone = new Witness(digest("deleted"), 1);
        released.add(gone.digest());
        Run before = run(PolicyText.of("policies: []"), gone);

        assertThatIllegalStateException().isThrownBy(() -> here().require(before, lane));

        Run after = before;
        for (int partition = 0; partition < 2; partition++) {
            after = Run.after(Optional.of(after), new TagsSwept(RUN, partition, 2))
                    .orElseThrow();
        }
        Run swept = after;
        assertThatCode(() -> here().require(swept, lane)).doesNotThrowAnyException();
    }

    @Test
    void theWitnessesAreLookedForOnceARun() {
        Run run = run(null, new Witness(named, written));
        EnumeratedStorage here = here();
        here.require(run, lane);
        RegistryOnDisk.remove(registry.blobDirectory(image));

        assertThatCode(() -> here.require(run, lane)).doesNotThrowAnyException();
        assertThatIllegalStateException().isThrownBy(() -> here().require(run, lane));
    }

    private void assertRefused(Map<String, String> before, String why) {
        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(deletions()).isEmpty();
        assertThat(said())
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.why())
                                .startsWith("the storage here, " + registry.root()
                                        + ", is not the one that the run was planned on: ")
                                .contains(why)
                                .doesNotContain("\n"));
    }

    private EnumeratedStorage here() {
        return new EnumeratedStorage(storage(), (run, blobs, goingOn) -> {
            Set<Digest> among = new HashSet<>(blobs);
            among.retainAll(released);
            return among;
        });
    }

    private Storage storage() {
        return FilesystemStorage.open(registry.root());
    }

    private static List<RunRecord> sweepable(Witness... witnesses) {
        List<RunRecord> records = new ArrayList<>(decided(RUN));
        records.set(1, enumerated(RUN, 2, List.of(witnesses)));
        return records;
    }

    private static Run run(PolicyText policy, Witness... witnesses) {
        List<RunRecord> records = sweepable(witnesses);
        Requested asked = requested(RUN, 100);
        records.set(0, new Requested(RUN, 0, asked.options(), 100, "test", null, null, policy));
        return new FakeRuns(records).latest().orElseThrow();
    }

    private static Digest digest(String text) {
        return Digest.parse(RegistryOnDisk.sha256(text.getBytes(StandardCharsets.UTF_8)));
    }
}
