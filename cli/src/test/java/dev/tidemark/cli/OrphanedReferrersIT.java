package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.ReferrersOnDisk;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures, SBOMs and attestations whose image goes by a policy, as cosign, Notation and oras leave them. */
class OrphanedReferrersIT {

    private static final String APP = "team/app";

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private RepositoryOnDisk app;
    private ReferrersOnDisk referrers;
    private Tidemark tidemark;
    private String live;
    private String dead;

    @BeforeEach
    void signedImages() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo(APP);
        referrers = new ReferrersOnDisk(app);
        tidemark = new Tidemark(directory.resolve("home"));
        live = referrers.signed("live");
        app.tag("v1", live);
        dead = referrers.signed("dead");
        app.tag("pr-1", dead);
    }

    @Test
    void theTagsOfAnImageThatGoesGoALaterRunAndNoOthers() {
        registry.age(Duration.ofDays(2));
        Map<String, String> before = registry.snapshot();

        Tidemark.Result first = collect("0");

        assertThat(first.tags()).containsExactly("pr-1");
        assertThat(first.manifests()).containsExactly(APP + "@" + dead);
        Map<String, String> between = registry.snapshot();

        Tidemark.Result tried = collect("0", "--dry-run");
        assertThat(tried.tags()).isEqualTo(ReferrersOnDisk.tags(dead));
        assertThat(registry.snapshot()).isEqualTo(between);

        Tidemark.Result second = collect("0");

        assertThat(second.tags()).isEqualTo(ReferrersOnDisk.tags(dead));
        assertThat(second.manifests()).as("three of cosign 2, a list of three").hasSize(7);
        assertThat(remaining(between, before))
                .as("what is of the live image is as it was")
                .isTrue();
        assertThat(collect("0").tags()).isEmpty();

        String run = second.summary().path("run").asText();
        assertThat(tidemark.type("audit", run).exitCode()).isZero();
        Tidemark.Result explained = tidemark.type("explain", "--run", run, APP + ":" + ReferrersOnDisk.tag(dead));
        assertThat(explained.out())
                .contains("a run has seen here what it refers to, found gone", "builds, line 5: referrers");

        Tidemark.Result undone = tidemark.type("undo", run, registry.root().toString());

        assertThat(undone.exitCode()).as(undone.err()).isZero();
        assertThat(registry.snapshot()).isEqualTo(between);
        Tidemark.Result back =
                tidemark.type("explain", "--format", "json", "--run", run, APP + ":" + ReferrersOnDisk.tag(dead));
        assertThat(back.summary().path("verdict").asText()).isEqualTo("restored");
        assertThat(tidemark.type("audit", run).exitCode()).isZero();
        assertThat(collect("0").tags())
                .as("what an undo has brought back is held")
                .isEmpty();
    }

    /** All that is left is of the live image, and nothing of that is missing. */
    private boolean remaining(Map<String, String> between, Map<String, String> before) {
        Map<String, String> now = registry.snapshot();
        String hex = RegistryOnDisk.hex(live);
        Set<String> ofLive =
                between.keySet().stream().filter(file -> file.contains(hex)).collect(Collectors.toSet());
        assertThat(ofLive).hasSizeGreaterThan(4);
        assertThat(now.keySet()).containsAll(ofLive).noneMatch(file -> file.contains(RegistryOnDisk.hex(dead)));
        return before.entrySet().containsAll(now.entrySet());
    }

    @Test
    void theyStayForTheirTime() {
        registry.age(Duration.ofDays(2));
        collect("1h");

        assertThat(collect("1h").tags()).isEmpty();
        Tidemark.Result explained = tidemark.type("explain", APP + ":" + ReferrersOnDisk.tag(dead) + ".sig");
        assertThat(explained.out()).contains("found gone", "kept for 1h");
    }

    @Test
    void anImageThatAClientHasDeletedIsGoneWhenItsBytesAre() {
        String deleted = referrers.signed("deleted");
        registry.age(Duration.ofDays(2));
        RegistryOnDisk.remove(app.revision(deleted));

        assertThat(collect("0").tags()).as("its blob is there").containsExactly("pr-1");
        assertThat(registry.data(deleted)).doesNotExist();

        Set<String> both = new TreeSet<>(ReferrersOnDisk.tags(dead));
        both.addAll(ReferrersOnDisk.tags(deleted));
        assertThat(collect("0").tags()).isEqualTo(both);
    }

    @Test
    void aDigestThatWasNeverThereOrIsInAnotherRepositoryKeepsItsTags() {
        var signatures = new ReferrersOnDisk(registry.repo("signatures"));
        signatures.cosign2(RegistryOnDisk.sha256(new byte[] {1}), "sig");
        signatures.cosign2(dead, "sig");
        String moved = referrers.signed("moved");
        registry.repo("other").link(moved).tag("v1", moved);
        app.layers(moved).forEach(registry.repo("other")::layerLink);
        registry.age(Duration.ofDays(2));
        RegistryOnDisk.remove(app.revision(moved));

        collect("0");

        assertThat(collect("0").tags()).isEqualTo(ReferrersOnDisk.tags(dead));
        assertThat(registry.repo("signatures").currentLink(ReferrersOnDisk.tag(dead) + ".sig"))
                .exists();
        assertThat(app.currentLink(ReferrersOnDisk.tag(moved) + ".sig")).exists();
    }

    private Tidemark.Result collect(String orphanedAfter, String... more) {
        String policy = policy("""
                policies:
                  - name: builds
                    repositories: ["**"]
                    tags: [{ match: ["pr-*"], keep: none }]
                    referrers: { orphanedAfter: %s }
                """.formatted(orphanedAfter));
        Tidemark.Result result = tidemark.collect(Stream.concat(
                        Stream.of(more),
                        Stream.of(
                                "--policy",
                                policy,
                                "--keep-trash",
                                "1h",
                                "--format",
                                "json",
                                "--max-delete",
                                "90",
                                registry.root().toString()))
                .toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result;
    }

    private String policy(String text) {
        try {
            return Files.writeString(directory.resolve("policy.yml"), text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
