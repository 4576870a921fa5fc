package dev.tidemark.sweeper.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Holds;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.testkit.ReferrersOnDisk;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second look at the storage rescues all that has been pushed since the run began. */
class SecondLookTest {

    private Holds holds = new Holds(List.of());
    /** By the subject: what the run has found to refer to it. */
    private final Map<Digest, List<Nominee>> referrers = new HashMap<>();

    /** The run knows links that are nearly young. */
    private Instant newestLink = Instant.now().minus(Duration.ofHours(25));

    private final Set<Nominee> pulled = new HashSet<>();

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private RepositoryOnDisk app;
    private String image;
    private String orphan;

    @BeforeEach
    void anOldRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("team/app");
        image = app.image("image");
        orphan = registry.blob("orphan");
        registry.age(Duration.ofDays(2));
    }

    @Test
    void aPushSinceThenRescuesAllThatItNames() {
        String child = app.image("child");
        String index = app.index(child);
        var other = registry.repo("other");
        registry.age(Duration.ofDays(2));
        assertThat(rescued()).isEmpty();

        RegistryOnDisk.age(app.revision(index), Duration.ZERO);
        RegistryOnDisk.age(other.layerLink(orphan).layerPath(orphan), Duration.ZERO);

        assertThat(rescued())
                .contains(
                        digest(index),
                        digest(child),
                        digest(layerOf("child")),
                        digest(RegistryOnDisk.sha256("config of child".getBytes(StandardCharsets.UTF_8))),
                        digest(orphan));
        assertThat(rescued()).doesNotContain(digest(image));
    }

    /** A blob that was pushed with a sha512 digest is stored under its sha256 digest, which only the link says. */
    @Test
    void anOldLinkOfAnotherAlgorithmRescuesTheBlobThatItStandsFor() {
        byte[] content = "pushed as sha512".getBytes(StandardCharsets.UTF_8);
        String stored = RegistryOnDisk.sha256(content);
        String pushed = app.layerBySha512(content);
        registry.age(Duration.ofDays(2));
        String config = app.layer("config");
        String manifest = app.image(RegistryOnDisk.OCI_IMAGE, config, pushed);

        assertThat(rescued()).contains(digest(manifest), digest(pushed), digest(stored));
    }

    @Test
    void aManifestThatMayLieElsewhereTooIsRescued() {
        String child = app.image("child");
        registry.age(Duration.ofDays(2));
        String index = app.manifest("""
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
          {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "%s", "size": 1,
           "urls": ["https://elsewhere.example/"]}]}
        """.formatted(child));

        assertThat(rescued()).contains(digest(index), digest(child), digest(layerOf("child")));
    }

    @Test
    void anUnintelligibleManifestRescuesTheLayersOfItsRepository() {
        String linked = app.layer("linked, and named by nothing");
        String elsewhere = registry.repo("other").layer("elsewhere");
        registry.age(Duration.ofDays(2));
        app.manifest("no manifest at all");

        assertThat(rescued()).contains(digest(linked)).doesNotContain(digest(elsewhere));
    }

    @Test
    void aManifestRescuesItsSignatures() {
        String signature = registry.blob("signature");
        String manifest = app.manifest("""
        {"schemaVersion": 1, "name": "app", "tag": "v1", "architecture": "amd64", "fsLayers": [{"blobSum": "%s"}],
         "history": [{"v1Compatibility": "{}"}]}
        """.formatted(layerOf("image")));
        Path link =
                app.revision(manifest).resolveSibling("signatures/sha256/" + RegistryOnDisk.hex(signature) + "/link");
        RegistryOnDisk.write(link, signature.getBytes(StandardCharsets.UTF_8));
        registry.age(Duration.ofDays(2));
        RegistryOnDisk.age(app.revision(manifest), Duration.ZERO);

        assertThat(rescued()).contains(digest(manifest), digest(layerOf("image")), digest(signature));
    }

    @Test
    void anImageThatWasPulledMeanwhileIsRescuedWithAllThatItLeadsTo() {
        String child = app.image("child");
        String index = app.index(child);
        String signature = app.image("its signature");
        referrers.put(digest(child), List.of(new Nominee("team/app", digest(signature))));
        registry.age(Duration.ofDays(2));
        pulled.add(new Nominee("team/app", digest(index)));

        assertThat(rescued())
                .contains(digest(index), digest(child), digest(layerOf("child")), digest(signature))
                .doesNotContain(digest(image), digest(orphan));
    }

    @Test
    void anImageThatIsHeldByNowIsRescuedWithAllThatItLeadsTo() {
        String image = app.image("old");
        String other = app.image("other");
        String blob = registry.blob("linked by nobody");
        String link = app.layer("linked, and named by nothing");
        registry.age(Duration.ofDays(2));

        hold(app.name() + "@" + image);
        assertThat(rescued()).contains(digest(image), digest(layerOf("old"))).doesNotContain(digest(other));
        hold(other);
        assertThat(rescued()).contains(digest(other), digest(layerOf("other"))).doesNotContain(digest(image));
        hold(blob);
        assertThat(rescued()).containsExactly(digest(blob));
        hold("team/*");
        assertThat(rescued())
                .contains(digest(image), digest(other), digest(link))
                .doesNotContain(digest(blob));
        hold("nobody/*");
        assertThat(rescued()).isEmpty();
    }

    @Test
    void aReferrerOfARescuedManifestIsRescued() {
        String of = app.image("old");
        var here = new ReferrersOnDisk(app);
        String sbom = referrer(app, of, here.oras(of));
        String signature = referrer(app, sbom, here.notation(sbom));
        String ofAnother = referrer(app, image, here.notation(image));
        RepositoryOnDisk other = registry.repo("other");
        String elsewhere = referrer(other, of, new ReferrersOnDisk(other).cosign3(of));
        registry.age(Duration.ofDays(2));
        assertThat(rescued()).isEmpty();

        RegistryOnDisk.age(app.revision(of), Duration.ZERO);

        assertThat(rescued())
                .contains(digest(of), digest(sbom), digest(signature), digest(elsewhere))
                .contains(digest(RegistryOnDisk.sha256("{}".getBytes(StandardCharsets.UTF_8))))
                .doesNotContain(digest(image), digest(ofAnother));
    }

    @Test
    void aSubjectIsNotRescuedByWhatRefersToIt() {
        String signature = referrer(app, image, new ReferrersOnDisk(app).notation(image));

        assertThat(rescued()).contains(digest(signature)).doesNotContain(digest(image));
    }

    private String referrer(RepositoryOnDisk in, String subject, String referrer) {
        referrers
                .computeIfAbsent(digest(subject), of -> new ArrayList<>())
                .add(new Nominee(in.name(), digest(referrer)));
        return referrer;
    }

    /** The run was planned on a copy from which this push is missing, and this push is not young any more. */
    @Test
    void anOldLinkThatTheRunDoesNotKnowEndsTheLook() {
        newestLink = Instant.now().minus(Duration.ofDays(3));
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(this::rescued)
                .withMessageContaining(" in team/app, which was written at ")
                .withMessageContaining("it was planned on a copy of " + registry.root());

        newestLink = Instant.now().minus(Duration.ofHours(47));
        assertThat(rescued()).isEmpty();

        RegistryOnDisk.age(app.layerPath(layerOf("image")), Duration.ofHours(30));
        assertThatExceptionOfType(StorageException.class)
                .as("a layer's link")
                .isThrownBy(this::rescued)
                .withMessageContaining(layerOf("image"));

        RegistryOnDisk.age(app.layerPath(layerOf("image")), Duration.ofHours(1));
        assertThat(rescued()).as("a young one is followed").contains(digest(layerOf("image")));
    }

    /** Nobody said what the tag names when the hold was made. */
    @Test
    void rescuesWhatAHeldTagNamesNow() {
        RepositoryOnDisk app = registry.repo("app");
        String image = app.image("held by its tag");
        app.tag("v3", image);
        registry.age(Duration.ofDays(2));
        hold("app:v3");

        assertThat(rescued()).contains(Digest.parse(image), Digest.parse(layerOf("held by its tag")));
    }

    private void hold(String of) {
        holds = new Holds(List.of(new Hold(of, null, null, "somebody", 0, null)));
    }

    private Set<Digest> rescued() {
        var options = new Options(Instant.now().minus(Duration.ofDays(1)).toEpochMilli(), true, false);
        var request = new Requested(new RunId("20260101-000000"), 0, options, 40, "test", null, null, null);
        return new SecondLook(
                        FilesystemStorage.open(registry.root()),
                        request,
                        new Fingerprint(List.of(), newestLink.toEpochMilli()),
                        holds,
                        () -> pulled,
                        subjects -> subjects.stream()
                                .flatMap(of -> referrers.getOrDefault(of, List.of()).stream())
                                .collect(Collectors.toSet()),
                        () -> {})
                .rescued();
    }

    private static String layerOf(String seed) {
        return RegistryOnDisk.sha256((seed + ", layer 1").getBytes(StandardCharsets.UTF_8));
    }

    private static Digest digest(String text) {
        return Digest.parse(text);
    }
}
