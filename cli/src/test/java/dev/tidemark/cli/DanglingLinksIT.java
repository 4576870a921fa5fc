package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.ManifestLink;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links to manifests that are not there, and the real registry, which lists the tags among them and serves none. */
class DanglingLinksIT extends RegistryWithLeftovers {

    private static final String APP = "team/app";
    /** Every run begins more than that after the one before it. */
    private static final String[] SHORT = {"--min-age", "1s", "--leftovers", "1s", "-m"};

    @ParameterizedTest
    @ValueSource(strings = {"docker-registry", "registry3"})
    void aTagOfNothingLeavesTheListOnceRunsHaveKnownItForLongEnough(String binary) throws IOException {
        assumeTrue(DockerRegistry.onPath(binary), binary + " is not installed: skipped");
        try (var registry = DockerRegistry.serve(binary, directory, RegistryConfigFile.onFilesystem(root), "")) {
            String first = registry.pushImage(APP, "v1", "config 1", "layer 1");
            registry.pushImage(APP, "v1", "config 2", "layer 2");
            String lost = registry.pushImage(APP, "lost", "config 3", "layer 3");
            String unlinked = registry.pushImage(APP, "unlinked", "config 4", "layer 4");
            registry.deleteManifest(APP, first);
            RegistryOnDisk.remove(disk.data(lost).getParent());
            RegistryOnDisk.remove(disk.repo(APP).revision(unlinked).getParent());
            disk.age(Duration.ofDays(90));
            assertThat(Pulled.tags(registry, APP)).containsExactlyInAnyOrder("v1", "lost", "unlinked");
            assertThat(registry.manifest(APP, "lost")).isEmpty();
            assertThat(registry.manifest(APP, "unlinked")).isEmpty();
            String[] dangling = {
                path(ManifestLink.current("lost")),
                path(ManifestLink.current("unlinked")),
                path(ManifestLink.revision(Digest.parse(lost))),
                path(ManifestLink.past("v1", Digest.parse(first)))
            };

            Tidemark.Result found = collect("--dry-run", "--leftovers", "7d", "-m");
            assertThat(found.exitCode()).as(found.err()).isZero();
            assertThat(found.links()).isEmpty();
            assertThat(found.out()).contains("4 dangling links, kept");

            Tidemark.Result keeping = collect(with("--dry-run", "--keep-dangling"));
            assertThat(keeping.links()).isEmpty();
            assertThat(keeping.layers())
                    .as("what a manifest that may come back needs is kept, too")
                    .isEmpty();
            assertThat(explained(APP + "/" + ManifestLink.current("lost").path()))
                    .startsWith("kept")
                    .contains("the run keeps what is dangling");
            Map<String, String> before = disk.snapshot();
            Tidemark.Result dry = collect(with("--dry-run"));
            assertThat(dry.links()).containsExactlyInAnyOrder(dangling);
            assertThat(dry.layers()).isNotEmpty();
            assertThat(dry.out())
                    .contains("4 dangling links, eligible: the manifests that they name have not been there");
            assertThat(disk.snapshot()).isEqualTo(before);
            assertThat(explained(APP + "/" + ManifestLink.current("lost").path()))
                    .startsWith("eligible")
                    .contains("what it names is not there", "dangling since");

            Tidemark.Result swept = collect(with("--keep-trash", "24h"));

            assertThat(swept.exitCode()).as(swept.out() + swept.err()).isZero();
            assertThat(swept.out()).contains("4 dangling links deleted");
            assertThat(Pulled.tags(registry, APP)).containsExactly("v1");
            assertThat(registry.manifest(APP, "v1")).isPresent();
            for (String path : dangling) {
                assertThat(disk.base().resolve(path)).doesNotExist();
                assertThat(explained(path.substring(Layout.REPOSITORIES.length() + 1)))
                        .startsWith("deleted");
            }
            assertProved();
            assertThat(collect(with("--dry-run")).links()).isEmpty();

            String run = swept.plan().getFirst().path("run").asText();
            Tidemark.Result undone = tidemark.type("undo", run, root.toString());

            assertThat(undone.out() + undone.err())
                    .contains("team/app:lost is back, and names " + lost + ", which is not there");
            assertThat(Pulled.tags(registry, APP)).containsExactlyInAnyOrder("v1", "lost", "unlinked");
            for (String path : dangling) {
                assertThat(disk.base().resolve(path)).exists();
            }
            collect(with("--dry-run"));
            assertThat(collect(with("--dry-run")).links())
                    .as("what an undo has brought back is held, though two runs have found it")
                    .isEmpty();
            assertThat(registry.pushImage(APP, "lost", "config 3", "layer 3")).isEqualTo(lost);
            assertThat(registry.manifest(APP, "lost")).isPresent();
            Tidemark.Result audited = tidemark.type("audit", run);
            assertThat(audited.exitCode()).as(audited.out() + audited.err()).isZero();
        }
    }

    /** Its blobs are not there, or not mounted. */
    @Test
    void aRegistryThatHasLostItsBlobsWaitsForApproval() {
        disk.repo(APP)
                .tag("v1", disk.repo(APP).image("one"))
                .tag("v2", disk.repo(APP).image("two"));
        RegistryOnDisk.remove(disk.base().resolve("blobs/sha256"));
        disk.age(Duration.ofDays(90));
        collect(with("--dry-run"));
        assertThat(collect(with("--dry-run", "--keep-dangling")).links()).isEmpty();

        Tidemark.Result waiting = collect(SHORT);

        assertThat(waiting.out() + waiting.err())
                .contains("100.0 % of the manifests, or of what tags name, are not there");
        assertThat(disk.repo(APP).currentLink("v1")).exists();
        assertThat(waiting.exitCode()).isNotZero();
    }

    private static String path(ManifestLink link) {
        return link.file(APP);
    }

    private static String[] with(String... more) {
        List<String> all = new ArrayList<>(List.of(SHORT));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private Tidemark.Result collect(String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add(root.toString());
        return tidemark.collect(all.toArray(String[]::new));
    }
}
