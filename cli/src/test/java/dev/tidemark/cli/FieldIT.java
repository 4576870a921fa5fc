package dev.tidemark.cli;

import static dev.tidemark.testkit.RegistryOnDisk.DOCKER_IMAGE;
import static dev.tidemark.testkit.RegistryOnDisk.OCI_IMAGE;
import static dev.tidemark.testkit.RegistryOnDisk.OCI_INDEX;
import static dev.tidemark.testkit.RegistryOnDisk.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Storage as it is found in the field, one oddity at a time, collected for real with {@code --delete-untagged}. Around each
 * there is a live image and some garbage: the first must stay, byte for byte, the second must go.
 */
class FieldIT {

  private static final byte[] ANYTHING = "anything".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;

  private RegistryOnDisk registry;
  private RegistryOnDisk.Repository app;
  private String live;
  private String dead;
  private String orphan;
  private Tidemark.Result result;

  @BeforeEach
  void aRegistryWithALiveImageAndSomeGarbage() {
    registry = RegistryOnDisk.at(directory.resolve("registry"));
    var around = registry.repo("around");
    live = around.image("live");
    dead = around.image("dead");
    around.tag("latest", dead).tag("latest", live);
    orphan = registry.blob("orphan");
    app = registry.repo("team/app");
  }

  @AfterEach
  void whatIsAroundIsCollected() {
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.manifests()).contains("around@" + dead);
    assertThat(registry.blobs()).contains(live).doesNotContain(dead, orphan);
    assertThat(registry.repo("around").revision(live)).exists();
    assertThat(registry.repo("around").revision(dead)).doesNotExist();
    assertThat(registry.repo("around").history("latest", dead)).doesNotExist();
    assertThat(registry.repo("around").history("latest", live)).exists();
  }

  @Test
  void strayAndTemporaryFilesAreLeftAlone() {
    String image = tagged(app.image("x"));
    Set<Path> strays = Set.of(
        registry.base().resolve("README"), registry.base().resolve("blobs/.tmp"), registry.base().resolve("blobs/sha256/.DS_Store"),
        registry.base().resolve("blobs/sha256/ab/tmp123"), registry.base().resolve("blobs/sha256/zz/x/data"), registry.base().resolve("repositories/.nfs1"),
        app.directory().resolve("stray"), app.directory().resolve("_manifests/stray"), app.directory().resolve("_manifests/revisions/sha256/stray"),
        app.directory().resolve("_manifests/revisions/stray"), app.directory().resolve("_manifests/tags/stray"), app.directory().resolve("_layers/stray"),
        app.directory().resolve("_layers/sha256/stray"), app.directory().resolve("_layers/sha256/nothex/link"),
        registry.blobDirectory(image).resolve("data.tmp"), RegistryOnDisk.nameless(registry.base().resolve("repositories")),
        RegistryOnDisk.nameless(app.directory().resolve("_manifests/tags")), RegistryOnDisk.nameless(registry.base().resolve("blobs/sha256")),
        RegistryOnDisk.nameless(app.directory().resolve("_layers/sha256")));
    strays.forEach(stray -> RegistryOnDisk.write(stray, ANYTHING));

    collect();

    assertThat(strays).allSatisfy(stray -> assertThat(stray).exists());
    assertKept(image);
  }

  @Test
  void emptyDirectoriesAreLeftAlone() throws IOException {
    Files.createDirectories(registry.base().resolve("repositories/empty/deeper"));
    Files.createDirectories(app.directory().resolve("_layers"));
    Files.createDirectories(app.directory().resolve("_manifests/revisions/sha256"));
    Files.createDirectories(app.directory().resolve("_manifests/tags/empty"));
    Files.createDirectories(registry.base().resolve("blobs/sha256/ff"));

    collect();

    assertThat(app.directory().resolve("_manifests/tags/empty")).exists();
  }

  @Test
  void directoriesWithoutTheirFileAreNoBlobsAndNoLinks() throws IOException {
    String digest = RegistryOnDisk.sha256(ANYTHING);
    Files.createDirectories(registry.blobDirectory(digest));
    Files.createDirectories(app.revision(digest).getParent());
    Files.createDirectories(app.layerPath(digest).getParent());

    collect();

    assertThat(registry.blobDirectory(digest)).exists();
    assertThat(problems()).containsEntry("digest directories without their file", 3L);
  }

  @Test
  void aRepositoryWithOnlyUploadsOrOnlyLayers() {
    RegistryOnDisk.write(registry.repo("uploading").directory().resolve("_uploads/1234/data"), ANYTHING);
    String layer = registry.repo("layers-only").layer("left behind");

    collect();

    assertThat(registry.repo("uploading").directory().resolve("_uploads/1234/data")).exists();
    assertThat(result.layers()).contains("layers-only@" + layer);
    assertThat(registry.blobs()).doesNotContain(layer);
    assertThat(result.summary().path("repositories").asInt()).isEqualTo(3);
  }

  @Test
  void aRepositoryThatOnlyEverGotAnIndexHasNoLayers() {
    String index = app.index();
    app.tag("latest", index);

    collect();

    assertThat(app.directory().resolve("_layers")).doesNotExist();
    assertKept(index);
  }

  @Test
  void aRepositoryWithoutTagsIsUntaggedAltogether() {
    String image = app.image("by digest");

    collect();

    assertThat(result.manifests()).contains("team/app@" + image);
    assertThat(registry.blobs()).doesNotContain(image);
    assertThat(app.directory()).exists().isEmptyDirectory();
  }

  @Test
  void aRepositoryWithoutTagsIsKeptWithoutDeleteUntagged() {
    String image = app.image("by digest");
    Map<String, String> before = registry.snapshot();

    Tidemark.Result plain = new Tidemark(directory.resolve("plain")).collect("-d", "--min-age", "0", registry.root().toString());

    assertThat(plain.blobs()).containsExactly(orphan);
    assertThat(plain.manifests()).isEmpty();
    assertThat(registry.snapshot()).isEqualTo(before);
    tagged(image);
    collect();
  }

  @Test
  void thousandsOfTags() {
    String[] images = {app.image("1"), app.image("2"), app.image("3")};
    for (int i = 0; i < 3000; i++) {
      app.tag("v" + i, images[2]);
      app.tag("v" + i, images[i % 2]);
    }

    collect();

    assertKept(images[0], images[1]);
    assertThat(registry.blobs()).doesNotContain(images[2]);
    assertThat(app.history("v0", images[2])).doesNotExist();
    assertThat(app.history("v2999", images[2]).getParent()).doesNotExist();
    assertThat(app.history("v2999", images[1])).exists();
  }

  @Test
  void aRepositoryWhoseNameIsAPrefixOfAnother() {
    var nested = registry.repo("team/app/nested");
    var longer = registry.repo("team/app2");
    String first = app.image("first");
    app.tag("latest", first);
    String second = nested.image("second");
    nested.tag("latest", second);
    String third = longer.image("third");

    collect();

    assertKept(first, second);
    assertThat(registry.blobs()).doesNotContain(third);
    assertThat(result.manifests()).contains("team/app2@" + third);
  }

  @Test
  void anEmptyLayerLinkCountsByItsPath() {
    String config = app.layer("config");
    String layer = app.layer("layer");
    String image = tagged(app.image(OCI_IMAGE, config, layer));
    app.layerLink(layer, "");

    collect();

    assertKept(image, config, layer);
    assertThat(app.layerPath(layer)).exists();
    assertThat(problems()).containsEntry("links that name another digest", 1L);
  }

  @Test
  void aLayerLinkThatNamesAnotherDigestKeepsWhatTheRegistryServes() {
    byte[] bytes = "pushed with a sha512 digest".getBytes(StandardCharsets.UTF_8);
    String stored = RegistryOnDisk.sha256(bytes);
    String alias = app.layerBySha512(bytes);
    String config = app.layer("config");
    String image = tagged(app.image(OCI_IMAGE, config, alias));

    collect();

    assertKept(image, config, stored);
    assertThat(app.layerPath(alias)).exists();
  }

  @Test
  void anAliasThatNothingReferencesGoesWithWhatItNames() {
    byte[] bytes = "pushed with a sha512 digest".getBytes(StandardCharsets.UTF_8);
    String stored = RegistryOnDisk.sha256(bytes);
    String alias = app.layerBySha512(bytes);

    collect();

    assertThat(registry.blobs()).doesNotContain(stored);
    assertThat(app.layerPath(alias)).doesNotExist();
  }

  @Test
  void sha512BlobsAndManifests() {
    byte[] bytes = "a sha512 blob".getBytes(StandardCharsets.UTF_8);
    String layer = RegistryOnDisk.sha512(bytes);
    RegistryOnDisk.write(registry.data(layer), bytes);
    app.layerLink(layer);
    String config = app.layer("config");
    byte[] manifest =
        "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}"
            .formatted(RegistryOnDisk.descriptor("c", config), RegistryOnDisk.descriptor("l", layer))
            .getBytes(StandardCharsets.UTF_8);
    String image = RegistryOnDisk.sha512(manifest);
    RegistryOnDisk.write(registry.data(image), manifest);
    app.link(image).tag("latest", image);
    byte[] garbage = "sha512 garbage".getBytes(StandardCharsets.UTF_8);
    RegistryOnDisk.write(registry.data(RegistryOnDisk.sha512(garbage)), garbage);

    collect();

    assertKept(image, layer, config);
    assertThat(registry.blobs()).doesNotContain(RegistryOnDisk.sha512(garbage));
  }

  @Test
  void aRevisionLinkThatNamesAnotherDigestKeepsBoth() {
    String path = app.image("by its path");
    String content = app.image("by its content");
    RegistryOnDisk.write(app.revision(path), content.getBytes(StandardCharsets.UTF_8));
    app.tag("latest", path);

    collect();

    assertKept(path, content);
    assertThat(registry.blobs()).contains(RegistryOnDisk.sha256("by its content, layer 1".getBytes(StandardCharsets.UTF_8)));
    assertThat(app.layerPath(RegistryOnDisk.sha256("by its content, layer 1".getBytes(StandardCharsets.UTF_8)))).exists();
  }

  @Test
  void anEmptyRevisionLinkCountsByItsPath() {
    String image = tagged(app.image("x"));
    RegistryOnDisk.write(app.revision(image), new byte[0]);

    collect();

    assertKept(image);
    assertThat(registry.blobs()).contains(RegistryOnDisk.sha256("x, layer 1".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void anEmptyCurrentLinkKeepsTheTagsHistory() {
    String was = app.image("was");
    String is = app.image("is");
    String never = app.image("never tagged");
    app.tag("latest", was).tag("latest", is);
    RegistryOnDisk.write(app.currentLink("latest"), new byte[0]);

    collect();

    assertKept(was, is);
    assertThat(registry.blobs()).doesNotContain(never);
    assertThat(problems()).containsEntry("tags that can't be read", 1L);
  }

  @Test
  void anUnreadableTagWithoutHistoryKeepsTheWholeRepository() {
    String image = app.image("which?");
    RegistryOnDisk.write(app.currentLink("latest"), "nonsense".getBytes(StandardCharsets.UTF_8));

    collect();

    assertKept(image);
  }

  @Test
  void aDanglingTagProtectsNothing() {
    String image = app.image("deleted");
    app.tag("latest", image);
    RegistryOnDisk.remove(app.revision(image));

    collect();

    assertThat(problems()).containsEntry("dangling tags", 1L);
    assertThat(registry.blobs()).doesNotContain(image);
    assertThat(app.currentLink("latest")).exists();
  }

  @Test
  void aTagOfAManifestThatIsLinkedAsALayerIsATag() {
    String image = app.image("2.1.0");
    app.tag("latest", image).layerLink(image);
    RegistryOnDisk.remove(app.revision(image).getParent());

    collect();

    assertKept(image, RegistryOnDisk.sha256("2.1.0, layer 1".getBytes(StandardCharsets.UTF_8)));
    assertThat(app.layerPath(image)).exists();
  }

  @Test
  void aDanglingRevisionLinkIsReportedAndLeftAlone() {
    String image = tagged(app.image("lost"));
    RegistryOnDisk.remove(registry.data(image));

    collect();

    assertThat(problems()).containsEntry("dangling revision links", 1L);
    assertThat(app.revision(image)).exists();
    assertThat(registry.blobs()).doesNotContain(RegistryOnDisk.sha256("lost, layer 1".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aDanglingLayerLinkIsALinkAsAnyOther() {
    String lost = RegistryOnDisk.sha256(ANYTHING);
    app.layerLink(lost);

    collect();

    assertThat(result.layers()).contains("team/app@" + lost);
    assertThat(app.layerPath(lost)).doesNotExist();
  }

  @Test
  void anImageThatLacksABlobIsReportedAsBroken() {
    String config = app.layer("config");
    String lost = RegistryOnDisk.sha256(ANYTHING);
    app.layerLink(lost);
    String image = tagged(app.image(OCI_IMAGE, config, lost));

    collect();

    assertKept(image, config);
    assertThat(app.layerPath(lost)).exists();
    assertThat(result.summary().path("broken").path("missing").asInt()).isEqualTo(1);
    assertThat(result.summary().path("broken").path("images").path(0).path("manifest").asText()).isEqualTo(image);
  }

  @Test
  void foreignLayersAreNotMissed() {
    String config = app.layer("config");
    String image =
        tagged(app.manifest(
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[{\"mediaType\":\"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip\",\"size\":1,\"digest\":\"%s\",\"urls\":[\"https://example.com/\"]}]}"
                .formatted(DOCKER_IMAGE, RegistryOnDisk.descriptor("c", config), RegistryOnDisk.sha256(ANYTHING))));

    collect();

    assertKept(image, config);
    assertThat(result.summary().path("broken").path("missing").asInt()).isZero();
  }

  @Test
  void namesThatAreNoValidRepositoryAreLeftAlone() {
    var invalid = registry.repo("Not_Valid");
    String image = invalid.image("x");
    String layer = invalid.layer("layer");

    collect();

    assertKept(image, layer);
    assertThat(invalid.revision(image)).exists();
    assertThat(invalid.layerPath(layer)).exists();
    assertThat(problems()).containsEntry("names that are no valid repository", 1L);
  }

  @Test
  void unknownAlgorithmsKeepWhatIsBesideThem() {
    String image = app.image("untagged");
    RegistryOnDisk.write(app.directory().resolve("_layers/tarsum/v1/sha256/abcd/link"), ANYTHING);
    RegistryOnDisk.write(registry.base().resolve("blobs/blake3/ab/abcd/data"), ANYTHING);

    collect();

    assertThat(registry.base().resolve("blobs/blake3/ab/abcd/data")).exists();
    assertThat(app.directory().resolve("_layers/tarsum/v1/sha256/abcd/link")).exists();
    assertThat(registry.blobs()).contains(RegistryOnDisk.sha256("untagged, layer 1".getBytes(StandardCharsets.UTF_8)));
    assertThat(result.manifests()).contains("team/app@" + image);
  }

  @Test
  void linksOutOfTheRootAreNeverFollowed() throws IOException {
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Path precious = outside.resolve("precious");
    Files.write(precious, ANYTHING);
    String layer = app.layer("unreferenced");
    String blob = RegistryOnDisk.sha256("elsewhere".getBytes(StandardCharsets.UTF_8));
    Files.write(Files.createDirectories(outside.resolve("blob")).resolve("data"), ANYTHING);
    Files.createDirectories(registry.blobDirectory(blob).getParent());
    Files.createSymbolicLink(registry.blobDirectory(blob), outside.resolve("blob"));
    RegistryOnDisk.remove(app.layerPath(layer).getParent());
    Files.write(Files.createDirectories(outside.resolve("layer")).resolve("link"), ANYTHING);
    Files.createSymbolicLink(app.layerPath(layer).getParent(), outside.resolve("layer"));
    Files.createSymbolicLink(app.directory().resolve("file"), precious);
    Files.createSymbolicLink(app.directory().resolve("gone"), outside.resolve("gone"));
    Path plainFiles = Files.createDirectories(directory.resolve("plain-files"));
    Files.write(plainFiles.resolve("file"), ANYTHING);
    Files.createSymbolicLink(registry.base().resolve("repositories/plain-files"), plainFiles);

    collect();

    assertThat(precious).exists();
    assertThat(outside.resolve("blob/data")).exists();
    assertThat(outside.resolve("layer/link")).exists();
    assertThat(plainFiles.resolve("file")).exists();
    assertThat(registry.blobs()).contains(layer);
  }

  @Test
  void linksInTheRootAreFollowedAndNeverDeletedThrough() throws IOException {
    String image = app.image("behind a tag that is a link");
    app.tag("v1", image);
    Files.createSymbolicLink(app.directory().resolve("_manifests/tags/latest"), Path.of("v1"));
    Path attic = Files.createDirectories(registry.root().resolve("attic"));
    var moved = registry.repo("moved");
    String kept = moved.image("moved");
    moved.tag("latest", kept);
    String untagged = moved.image("untagged");
    Files.move(moved.directory(), attic.resolve("moved"));
    Files.createSymbolicLink(moved.directory(), attic.resolve("moved"));
    Files.createSymbolicLink(registry.base().resolve("repositories/loop"), registry.base().resolve("repositories"));
    Files.createSymbolicLink(attic.resolve("moved/loop"), attic.resolve("moved"));

    result = tidemark().collect("-m", "--min-age", "0", "--max-delete", "100", "--format", "json", registry.root().toString());

    assertKept(image, kept);
    assertThat(result.manifests()).contains("moved@" + untagged);
    assertThat(moved.revision(untagged)).exists();
    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(registry.blobs()).contains(untagged);
    RegistryOnDisk.remove(attic);
    Files.delete(moved.directory());
    aRegistryWithALiveImageAndSomeGarbage();
    collect();
  }

  @Test
  void manifestsThatCannotBeUnderstoodAreKeptWithAllThatTheyMayReference() {
    String layer = app.layer("linked, named nowhere");
    var elsewhere = registry.repo("elsewhere");
    String named = elsewhere.layer("named");
    String[] odd = {
      app.manifest(""),
      app.manifest("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.example\",\"x\":\"%s\"}".formatted(named)),
      app.manifest("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"dig".formatted(OCI_INDEX)),
      app.manifest("{\"schemaVersion\":2,\"layers\":[],\"layers\":[],\"config\":{}}"),
      app.manifest("{\"a\":".repeat(5000) + "1" + "}".repeat(5000)),
      app.manifest("{\"schemaVersion\":2,\"config\":{},\"layers\":[],\"manifests\":[]}"),
      app.manifest("{\"schemaVersion\":2,\"padding\":\"%s\"}".formatted("x".repeat(4 << 20)))
    };
    String changed = app.image("changed");
    RegistryOnDisk.write(registry.data(changed), "{\"schemaVersion\":2}".getBytes(StandardCharsets.UTF_8));

    collect();

    assertKept(odd);
    assertKept(changed, layer, named);
    assertThat(app.layerPath(layer)).exists();
    assertThat(elsewhere.layerPath(named)).doesNotExist();
    assertThat(problems()).containsEntry("manifests kept conservatively", odd.length + 1L);
  }

  @Test
  void anImageOf4MegabytesIsAnImage() {
    String config = app.layer("config");
    String layer = app.layer("layer");
    String unused = app.layer("unused");
    String image =
        tagged(app.manifest(
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s],\"annotations\":{\"x\":\"%s\"}}"
                .formatted(OCI_IMAGE, RegistryOnDisk.descriptor("c", config), RegistryOnDisk.descriptor("l", layer), "x".repeat((4 << 20) - 1000))));

    collect();

    assertKept(image, config, layer);
    assertThat(registry.blobs()).doesNotContain(unused);
  }

  @Test
  void everyKindOfManifest() {
    String config = app.layer("{}");
    String layer = app.layer("layer");
    String docker = app.image(DOCKER_IMAGE, config, layer);
    String oci = app.image(OCI_IMAGE, config, app.layer("oci layer"));
    String untyped = app.image(null, config, app.layer("layer of an untyped manifest"));
    String inner = app.index(oci, untyped);
    String outer = app.indexOf(null, inner, docker);
    String list = app.indexOf(RegistryOnDisk.DOCKER_LIST, app.image("listed"));
    String artifact =
        app.manifest(
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"artifactType\":\"application/spdx+json\",\"config\":%s,\"layers\":[%s],\"subject\":%s}"
                .formatted(OCI_IMAGE, RegistryOnDisk.descriptor("application/vnd.oci.empty.v1+json", config),
                    RegistryOnDisk.descriptor("application/spdx+json", app.layer("sbom")), RegistryOnDisk.descriptor(OCI_IMAGE, oci)));
    String schema1 =
        app.manifest("{\"schemaVersion\":1,\"name\":\"team/app\",\"tag\":\"old\",\"fsLayers\":[{\"blobSum\":\"%s\"}],\"history\":[]}"
            .formatted(app.layer("old layer")));
    app.tag("outer", outer).tag("list", list).tag("sbom", artifact).tag("old", schema1);
    Set<String> all = new TreeSet<>(registry.blobs());
    String untagged = app.index(app.image("of an untagged index"));

    collect();

    assertThat(result.summary().path("broken").path("missing").asInt()).isZero();
    all.removeAll(Set.of(dead, orphan));
    for (String part : new String[] {"config of dead", "dead, layer 1", "dead, layer 2"}) {
      all.remove(RegistryOnDisk.sha256(part.getBytes(StandardCharsets.UTF_8)));
    }
    assertThat(registry.blobs()).containsExactlyInAnyOrderElementsOf(all).doesNotContain(untagged);
  }

  @Test
  void anIndexKeepsAChildThatOnlyAnotherRepositoryHolds() {
    var other = registry.repo("other");
    String child = other.image("child");
    String index = app.index(child);
    app.tag("latest", index);

    collect();

    assertKept(index, child, RegistryOnDisk.sha256("child, layer 1".getBytes(StandardCharsets.UTF_8)));
    assertThat(other.revision(child)).exists();
    assertThat(other.layerPath(RegistryOnDisk.sha256("child, layer 1".getBytes(StandardCharsets.UTF_8)))).exists();
  }

  @Test
  void repositoriesThatShareManifestsInBothDirections() {
    var other = registry.repo("other");
    String first = app.image("first");
    String second = other.image("second");
    other.link(first);
    app.link(second);
    app.tag("latest", first);
    other.tag("latest", second);
    String alone = other.image("alone");

    collect();

    assertKept(first, second);
    assertThat(other.revision(first)).exists();
    assertThat(app.revision(second)).exists();
    assertThat(registry.blobs()).doesNotContain(alone);
  }

  @Test
  void filesOfAnotherUserAreReadIfTheyMayBeReadAndElseKeepTheirRepository() throws Exception {
    assumeTrue(Files.getOwner(directory).getName().equals("root"), "needs root, to make files that others own");
    String image = app.image("private");
    String child = app.image("child");
    String index = app.index(child);
    app.tag("latest", index);
    for (String digest : new String[] {image, index}) {
      Files.setOwner(registry.data(digest), registry.base().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    }

    collect();

    assertKept(index, child);
    assertThat(registry.blobs()).doesNotContain(image);
  }

  private String tagged(String digest) {
    app.tag("latest", digest);
    return digest;
  }

  private Tidemark tidemark() {
    return new Tidemark(directory.resolve("home"));
  }

  private void collect() {
    result = tidemark().collect("-m", "--min-age", "0", "--max-delete", "100", "--format", "json", registry.root().toString());
  }

  private void assertKept(String... digests) {
    assertThat(registry.blobs()).contains(digests);
    assertThat(result.blobs()).doesNotContain(digests);
  }

  private Map<String, Long> problems() {
    Map<String, Long> problems = new java.util.TreeMap<>();
    result.summary().path("problems").properties().forEach(entry -> problems.put(entry.getKey(), entry.getValue().asLong()));
    return problems;
  }
}
