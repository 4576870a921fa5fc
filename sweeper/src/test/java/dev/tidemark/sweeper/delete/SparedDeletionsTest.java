package dev.tidemark.sweeper.delete;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Holds;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.Watched;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.look.Rescued;
import dev.tidemark.sweeper.order.Batch.Candidate;
import dev.tidemark.sweeper.order.WhyKept;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Candidates that stay, each for a reason that the deleter finds at the last moment. */
class SparedDeletionsTest extends OldRegistry {

    /** Without a trash nothing brings it back. */
    @Test
    void aTagStaysThatIsPushedWhileAnotherOfItsBatchGoes() {
        app.tag("v2", image);
        registry.age(Duration.ofDays(2));
        var watched = new Watched(storage());
        watched.afterDeletion = path -> {
            if (path.equals(Layout.currentLink("team/app", "v1"))) {
                app.tag("v2", image);
            }
        };

        List<DeletionRecord> done = sweep(
                deleter(watched),
                List.of(new Candidate(tag("v1", later), false, false), new Candidate(tag("v2", image), false, false)));

        assertThat(done).extracting(DeletionRecord::outcome).containsExactly(Outcome.DELETED, Outcome.SPARED);
        assertThat(app.currentLink("v1")).doesNotExist();
        assertThat(app.currentLink("v2")).exists();
        assertThat(app.history("v2", image)).exists();
    }

    /** Some storages tell by themselves, with the deletion. */
    @Test
    void aFileThatTheStorageFindsWrittenAgainIsSparedAndNoFailure() {
        var telling = new Watched(storage()) {
            @Override
            public Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
                return paths.stream()
                        .collect(Collectors.toMap(path -> path, path -> new WrittenAgainException("written again")));
            }
        };

        List<DeletionRecord> done = sweep(deleter(telling), List.of(new Candidate(blob(orphan), false, false)));

        assertThat(done)
                .singleElement()
                .returns(Outcome.SPARED, DeletionRecord::outcome)
                .returns(WhyKept.YOUNG, DeletionRecord::why);
    }

    @Test
    void aFileThatHasBecomeYoungIsSpared() {
        RegistryOnDisk.age(app.revision(image), Duration.ZERO);
        RegistryOnDisk.age(app.layerPath(layerOf("image")), Duration.ZERO);
        RegistryOnDisk.age(registry.data(orphan), Duration.ZERO);
        Map<String, String> before = registry.snapshot();

        for (Eligible eligible :
                List.of(manifest("team/app", image, "v1"), layer("team/app", layerOf("image")), blob(orphan))) {
            assertThat(sweep(eligible))
                    .returns(Outcome.SPARED, DeletionRecord::outcome)
                    .returns(WhyKept.YOUNG, DeletionRecord::why);
        }
        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void aManifestThatATagNamesAgainIsSpared() {
        app.tag("v1", image);
        RegistryOnDisk.age(app.currentLink("v1"), Duration.ofDays(2));

        assertThat(sweep(manifest("team/app", image, "v1")).why()).isEqualTo(WhyKept.TAGGED);

        RegistryOnDisk.write(app.currentLink("v1"), new byte[0]);
        assertThat(sweep(manifest("team/app", image, "v1")).why()).isEqualTo(WhyKept.TAG_UNREADABLE);
        assertThat(app.revision(image)).exists();
        assertThat(app.history("v1", image)).exists();
    }

    @Test
    void nothingInARecordIsUsedAsAPath() {
        Map<String, String> before = registry.snapshot();

        for (String name :
                List.of("../../../..", "team/../team/app", "", "/etc", "Team/App", "_manifests", "team//app")) {
            assertThat(sweep(manifest(name, image, "v1")))
                    .returns(Outcome.SPARED, DeletionRecord::outcome)
                    .returns(WhyKept.INVALID, DeletionRecord::why);
            assertThat(sweep(layer(name, layerOf("image"))).outcome()).isEqualTo(Outcome.SPARED);
        }
        assertThat(sweep(manifest("team/app", image, "../v1")).why()).isEqualTo(WhyKept.INVALID);
        assertThat(sweep(upload("team/../team/app", UPLOAD)).why()).isEqualTo(WhyKept.INVALID);
        assertThat(sweep(upload("team/app", "../_layers")).why()).isEqualTo(WhyKept.INVALID);
        assertThat(sweep(empty("team/app", "_layers/sha256/..")).why()).isEqualTo(WhyKept.INVALID);
        assertThat(sweep(empty("team/../team/app", null)).why()).isEqualTo(WhyKept.INVALID);
        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void nothingIsDeletedBehindASymbolicLink() throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.move(registry.blobDirectory(orphan), outside.resolve("blob"));
        Files.createSymbolicLink(registry.blobDirectory(orphan), outside.resolve("blob"));
        Path aside = registry.root().resolve("aside");
        Files.move(app.directory().resolve("_layers"), aside);
        Files.createSymbolicLink(app.directory().resolve("_layers"), aside);

        assertThat(sweep(blob(orphan)).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(sweep(layer("team/app", layerOf("image"))).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(outside.resolve("blob/data")).exists();
        assertThat(app.layerPath(layerOf("image"))).exists();
    }

    @Test
    void aRescuedDigestIsSpared() {
        var deleter = new Deleter(
                storage(),
                Optional.empty(),
                request(null),
                new Rescued(Set.of(digest(orphan), digest(image), digest(layerOf("image"))), new Holds(List.of())),
                new CachePurge(Optional.empty()));

        assertThat(sweep(deleter, new Candidate(blob(orphan), false, false)).why())
                .isEqualTo(WhyKept.RESCUED);
        assertThat(sweep(deleter, new Candidate(manifest("team/app", image, "v1"), false, false))
                        .why())
                .isEqualTo(WhyKept.RESCUED);
        assertThat(sweep(deleter, new Candidate(layer("team/app", layerOf("image")), false, false))
                        .why())
                .isEqualTo(WhyKept.RESCUED);
    }

    @Test
    void aRunThatApprovesADryRunDeletesNothingElse() {
        RunId looked = new RunId("20251231-000000");
        var deleter = new Deleter(
                storage(), Optional.empty(), request(looked), Rescued.NOTHING, new CachePurge(Optional.empty()));
        Map<String, String> before = registry.snapshot();

        assertThat(sweep(deleter, new Candidate(blob(orphan), false, false)).why())
                .isEqualTo(WhyKept.NOT_APPROVED);
        assertThat(sweep(deleter, new Candidate(since(null), false, false)).why())
                .isEqualTo(WhyKept.NOT_APPROVED);
        assertThat(registry.snapshot()).isEqualTo(before);

        assertThat(sweep(deleter, new Candidate(since(looked), false, false)).outcome())
                .isEqualTo(Outcome.DELETED);
    }

    private Eligible since(RunId unreferencedSince) {
        return new Eligible(RUN, Kind.BLOB, digest(orphan), null, null, 1, "test", 0, List.of(), unreferencedSince);
    }
}
