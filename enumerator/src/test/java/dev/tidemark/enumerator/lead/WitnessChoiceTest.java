package dev.tidemark.enumerator.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.enumerator.read.BlobShards;
import dev.tidemark.enumerator.read.Problems;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Witness;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** By which blobs a plan knows its storage, and which items carry them. */
class WitnessChoiceTest extends EnumeratedRegistry {

    private static final RunId RUN = new RunId("20260101-000000");

    @Test
    void theImageThatWasTaggedLastIsTheWitnessOfARepository() {
        app.tag("old", app.image("old"));
        String image = app.image("new");
        app.tag("new", image);
        app.image("untagged");
        registry.age(Duration.ofDays(2));
        RegistryOnDisk.age(app.currentLink("new"), Duration.ofDays(1));

        assertThat(chosen(storage(), List.of(app.name())))
                .containsExactly(new Witness(Digest.parse(image), modified(image)));
    }

    @Test
    void theRepositoriesAreSpreadEvenlyOverAllOfThem() {
        List<String> names = new ArrayList<>();
        List<Digest> images = new ArrayList<>();
        for (int i = 0; i < 4 * Fingerprint.MOST; i++) {
            RepositoryOnDisk repository = registry.repo("app%02d".formatted(i));
            String image = repository.image("image" + i);
            repository.tag("v1", image);
            names.addFirst(repository.name());
            if (i % 4 == 0) {
                images.add(Digest.parse(image));
            }
        }

        assertThat(chosen(storage(), names)).extracting(Witness::digest).containsExactlyElementsOf(images);
    }

    @Test
    void aLinkThatCannotBeReadIsNoWitnessAndFailsNothing() {
        String image = app.image("v1");
        app.tag("v1", image);
        RepositoryOnDisk other = registry.repo("team/other");
        String witness = other.image("v2");
        other.tag("v1", witness);
        RepositoryOnDisk dangling = registry.repo("team/dangling");
        String gone = dangling.image("gone");
        dangling.tag("v1", gone);
        RegistryOnDisk.remove(registry.blobDirectory(gone));
        registry.repo("team/untagged").image("v3");

        List<Witness> chosen = chosen(
                troubled("stat " + Layout.blobData(Digest.parse(image))),
                List.of(app.name(), other.name(), dangling.name(), "team/untagged", "gone"));

        assertThat(chosen).extracting(Witness::digest).containsExactly(Digest.parse(witness));
    }

    @Test
    void withoutATagItIsABlobOfTheFirstShard() {
        app.image("untagged");
        registry.age(Duration.ofDays(2));

        assertThat(chosen(storage(), List.of(app.name())))
                .singleElement()
                .satisfies(witness -> assertThat(witness.modified())
                        .isEqualTo(modified(witness.digest().toString())));
        assertThat(chosen(troubled("list " + Layout.BLOBS), List.of(app.name())))
                .isEmpty();
        assertThat(new WitnessChoice(storage()).of(List.of(), List.of())).isEmpty();
    }

    @Test
    void everyItemCarriesOneOfThePlansAndSoDoThoseThatComeLate() {
        for (String name : List.of("a", "b", "c", "d")) {
            RepositoryOnDisk repository = registry.repo(name);
            repository.tag("v1", repository.image(name));
        }
        var plan = WorkPlan.first(storage(), RUN, List.of(), false, false, DescriptorCache.NONE, OptionalLong.empty());
        var ledger = new WorkLedger();
        ledger.add(plan.planned());

        assertThat(plan.planned().witnesses()).hasSize(4);
        assertThat(plan.items()).hasSizeGreaterThan(4);
        assertThat(new HashSet<>(plan.items().stream().map(WorkRecord::witness).toList()))
                .containsExactlyInAnyOrderElementsOf(plan.planned().witnesses());

        registry.repo("late").image("late");
        var late = WorkPlan.late(storage(), RUN, false, ledger);

        assertThat(late.planned().witnesses()).isEmpty();
        assertThat(late.items())
                .isNotEmpty()
                .allSatisfy(
                        item -> assertThat(item.witness()).isIn(plan.planned().witnesses()));
    }

    private List<Witness> chosen(Storage storage, List<String> repositories) {
        return new WitnessChoice(storage).of(repositories, BlobShards.list(storage(), new Problems()));
    }

    private Storage storage() {
        return FilesystemStorage.open(registry.root());
    }

    /** A storage that does not answer a call that begins so. */
    private Storage troubled(String call) {
        return new Troubled(storage(), asked -> {
            if (asked.startsWith(call)) {
                throw new StorageException("no answer");
            }
        });
    }

    private long modified(String blob) {
        return storage().stat(Layout.blobData(Digest.parse(blob))).orElseThrow().modified();
    }
}
