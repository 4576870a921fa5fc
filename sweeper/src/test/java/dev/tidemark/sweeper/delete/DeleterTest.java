package dev.tidemark.sweeper.delete;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.cache.ForgetfulCache;
import dev.tidemark.sweeper.look.Rescued;
import dev.tidemark.sweeper.order.Batch.Candidate;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What goes of a candidate, and that it comes to the same whenever a try is cut off. */
class DeleterTest extends OldRegistry {

    @Test
    void aManifestTakesItsHistoryWithIt() {
        assertThat(sweep(manifest("team/app", image, "v1")).outcome()).isEqualTo(Outcome.DELETED);

        assertThat(app.revision(image).getParent()).doesNotExist();
        assertThat(app.history("v1", image).getParent()).doesNotExist();
        assertThat(app.currentLink("v1")).exists();
        assertThat(registry.data(image)).exists();
    }

    @Test
    void emptyDirectoriesGoUpToTheRepositorysOwn() {
        RegistryOnDisk.remove(app.directory().resolve("_manifests/tags"));
        RegistryOnDisk.remove(app.revision(later).getParent());

        sweep(manifest("team/app", image));
        for (String part : List.of(
                "config of image",
                "image, layer 1",
                "image, layer 2",
                "config of later",
                "later, layer 1",
                "later, layer 2")) {
            sweep(layer("team/app", RegistryOnDisk.sha256(part.getBytes(StandardCharsets.UTF_8))));
        }

        assertThat(app.directory()).isEmptyDirectory();
    }

    @Test
    void aBlobGoesWithItsDirectories() {
        assertThat(sweep(blob(orphan)).bytes()).isEqualTo(1);

        assertThat(registry.blobDirectory(orphan)).doesNotExist();
        assertThat(registry.base().resolve("blobs")).exists();
    }

    /** While a blob is moved, no entry says any more that its links are there. */
    @Test
    void theRegistrysCacheForgetsTheLinksBeforeTheBlobsGo() {
        String layer = layerOf("image");
        List<String> forgotten = new ArrayList<>();
        var cache = new CachePurge(Optional.of(new ForgetfulCache(gone -> gone.forEach(each -> {
            forgotten.add(each.kind() + " " + each.digest());
            assertThat(app.revision(image)).doesNotExist();
            assertThat(Files.exists(app.layerPath(layer))).isEqualTo(each.kind() == Kind.MANIFEST);
            assertThat(Files.exists(registry.data(layer))).isEqualTo(each.kind() != Kind.BLOB);
        }))));

        sweep(
                new Deleter(storage(), Optional.empty(), request(null), Rescued.NOTHING, cache),
                List.of(
                        new Candidate(blob(layer), false, false),
                        new Candidate(layer("team/app", layer), false, false),
                        new Candidate(manifest("team/app", image, "v1"), false, false)));

        assertThat(forgotten).containsExactly("MANIFEST " + image, "LAYER " + layer, "BLOB " + layer);
    }

    @Test
    void aFileThatIsGoneAlreadyIsSuccess() {
        for (Eligible eligible :
                List.of(manifest("team/app", image, "v1"), layer("team/app", layerOf("image")), blob(orphan))) {
            sweep(eligible);
            Map<String, String> after = registry.snapshot();

            assertThat(sweep(eligible).outcome()).isEqualTo(Outcome.ALREADY_GONE);
            assertThat(registry.snapshot()).isEqualTo(after);
        }
    }

    @Test
    void aTryThatWasCutOffIsFinished() {
        RegistryOnDisk.remove(app.revision(image).getParent());

        assertThat(sweep(manifest("team/app", image, "v1")).outcome()).isEqualTo(Outcome.ALREADY_GONE);
        assertThat(app.history("v1", image)).doesNotExist();
    }

    @Test
    void signaturesOfOldManifestsGoWithThem() {
        Path signature = app.revision(image).resolveSibling("signatures/sha256/" + "ab".repeat(32) + "/link");
        RegistryOnDisk.write(signature, new byte[0]);

        assertThat(sweep(manifest("team/app", image)).outcome()).isEqualTo(Outcome.DELETED);
        assertThat(app.revision(image).getParent()).doesNotExist();
    }

    @Test
    void aFileThatACutOffTryHasDeletedIsDeleted() {
        var deleter = deleter(storage());
        for (Eligible eligible :
                List.of(manifest("team/app", image, "v1"), layer("team/app", layerOf("image")), blob(orphan))) {
            sweep(deleter, new Candidate(eligible, false, false));

            assertThat(sweep(deleter, new Candidate(eligible, false, true)))
                    .returns(Outcome.DELETED, DeletionRecord::outcome)
                    .returns(eligible.bytes(), DeletionRecord::bytes);
            assertThat(sweep(deleter, new Candidate(eligible, false, false)).outcome())
                    .isEqualTo(Outcome.ALREADY_GONE);
        }
    }

    @Test
    void manyInOneGoComeToTheSameAsOneAfterTheOther() {
        var other = RegistryOnDisk.at(directory.resolve("other"));
        List<Eligible> all = new ArrayList<>();
        for (RegistryOnDisk each : List.of(registry, other)) {
            all.clear();
            for (int i = 0; i < 20; i++) {
                RepositoryOnDisk repository = each.repo("many/repo" + i % 3);
                String digest = repository.image("many" + i);
                repository.tag("v" + i, digest);
                repository.tag("v" + i, repository.image("kept"));
                all.add(manifest("many/repo" + i % 3, digest, "v" + i));
                all.add(blob(digest));
                all.add(layer("many/repo" + i % 3, layerOf("many" + i)));
                all.add(blob(layerOf("many" + i)));
            }
        }
        List.of(registry, other).forEach(each -> each.age(Duration.ofDays(10)));
        assertThat(together(all)).extracting(DeletionRecord::outcome).containsOnly(Outcome.DELETED);
        assertThat(together(all))
                .as("again")
                .extracting(DeletionRecord::outcome)
                .containsOnly(Outcome.ALREADY_GONE);

        var oneByOne = deleter(FilesystemStorage.open(other.root()));
        all.forEach(eligible -> sweep(oneByOne, new Candidate(eligible, false, false)));
        assertThat(filesOf("many", registry)).isNotEmpty().isEqualTo(filesOf("many", other));
        assertThat(registry.blobs()).containsAll(other.blobs());
    }

    private static Set<String> filesOf(String namespace, RegistryOnDisk of) {
        return of.snapshot().keySet().stream()
                .filter(path -> path.contains("/" + namespace + "/"))
                .collect(Collectors.toSet());
    }
}
