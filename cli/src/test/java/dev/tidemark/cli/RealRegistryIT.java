package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.testkit.DockerCollector;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.Soak;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Side by side with the real registry, on the same storage. */
class RealRegistryIT {

    @TempDir
    private Path directory;

    private Path root;
    private Tidemark tidemark;

    @BeforeEach
    void theRealRegistryIsInstalled() throws Exception {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        root = Files.createDirectories(directory.resolve("registry"));
        tidemark = new Tidemark(directory.resolve("home"));
    }

    @Test
    void aRunFindsTheSameBlobsAsTheReference() {
        try (var registry = DockerRegistry.serve(directory, root)) {
            for (int app = 0; app < 4; app++) {
                String repository = app % 2 == 0 ? "team/app" + app : "app" + app;
                for (int build = 0; build < 5; build++) {
                    String digest = registry.pushImage(
                            repository,
                            "latest",
                            "config " + app + build,
                            "base",
                            "shared " + app % 2,
                            "layer " + app + build);
                    if (build % 2 == 0) {
                        registry.pushManifest(
                                repository,
                                "v" + build,
                                RegistryOnDisk.DOCKER_IMAGE,
                                text(registry.manifest(repository, digest).orElseThrow()));
                    } else if (build == 3) {
                        registry.deleteManifest(repository, digest);
                    }
                }
                registry.pushBlob(repository, ("never used " + app).getBytes(StandardCharsets.UTF_8));
            }
        }

        for (boolean deleteUntagged : new boolean[] {false, true}) {
            Set<String> reference = DockerCollector.eligibleBlobs(directory, root, deleteUntagged);
            Tidemark.Result ours = deleteUntagged
                    ? tidemark.collect("--dry-run", "--delete-untagged", "--min-age", "0", root.toString())
                    : tidemark.collect("--dry-run", "--min-age", "0", root.toString());

            assertThat(reference).isNotEmpty();
            assertThat(ours.blobs()).isEqualTo(reference);
        }
    }

    /** The registry has no referrers API: what is pushed by its digest alone, no tag names. */
    @Test
    void aReferrerOfALiveImageIsPulledAfterwardsAndThatOfADeadOneIsGone() {
        String live;
        String dead;
        String signature;
        String signatureOfDead;
        try (var registry = DockerRegistry.serve(directory, root)) {
            live = registry.pushImage("app", "v1", "config", "layer");
            dead = registry.pushImage("app", "v2", "config of v2", "layer of v2");
            signature = pushSignature(registry, live);
            signatureOfDead = pushSignature(registry, dead);
            registry.pushImage("app", "v2", "config of v2, again", "layer of v2");
        }

        Tidemark.Result swept = tidemark.collect("-m", "--min-age", "0", "--keep-trash", "off", root.toString());

        assertThat(swept.exitCode()).as(swept.err()).isZero();
        try (var registry = DockerRegistry.serve(directory, root)) {
            assertThat(registry.manifest("app", "v1")).isPresent();
            assertThat(registry.manifest("app", signature)).isPresent();
            assertThat(registry.blob("app", RegistryOnDisk.sha256(envelope(live))))
                    .isPresent();
            for (String gone : List.of(dead, signatureOfDead)) {
                assertThat(registry.manifest("app", gone)).isEmpty();
            }
            assertThat(registry.blob("app", RegistryOnDisk.sha256(envelope(dead))))
                    .isEmpty();
        }
    }

    private static String pushSignature(DockerRegistry registry, String of) {
        String config = registry.pushBlob("app", "{}".getBytes(StandardCharsets.UTF_8));
        String layer = registry.pushBlob("app", envelope(of));
        String manifest = ("{\"schemaVersion\":2,\"mediaType\":\"%s\","
                        + "\"artifactType\":\"application/vnd.cncf.notary.signature\",\"config\":%s,\"layers\":[%s],"
                        + "\"subject\":%s}")
                .formatted(
                        RegistryOnDisk.OCI_IMAGE,
                        RegistryOnDisk.descriptor("application/vnd.oci.empty.v1+json", config, 2),
                        RegistryOnDisk.descriptor("application/jose+json", layer, envelope(of).length),
                        RegistryOnDisk.descriptor(RegistryOnDisk.DOCKER_IMAGE, of));
        String digest = RegistryOnDisk.sha256(manifest.getBytes(StandardCharsets.UTF_8));
        return registry.pushManifest("app", digest, RegistryOnDisk.OCI_IMAGE, manifest);
    }

    private static byte[] envelope(String of) {
        return ("an envelope for " + of).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aRunFindsTheSameAsTheReferenceInARegistryThatSkopeoPushedTo() throws Exception {
        assumeTrue(DockerRegistry.onPath("skopeo"), "skopeo is not installed: skipped");
        try (var registry = DockerRegistry.serve(directory, root)) {
            for (String image : List.of("one", "two", "three")) {
                skopeo(
                        "copy",
                        "--dest-tls-verify=false",
                        "oci:" + ociLayout(image),
                        "docker://" + registry.address() + "/lib/" + image + ":latest");
                skopeo(
                        "copy",
                        "--dest-tls-verify=false",
                        "oci:" + ociLayout("two"),
                        "docker://" + registry.address() + "/lib/" + image + ":latest");
            }
            skopeo(
                    "copy",
                    "--dest-tls-verify=false",
                    "oci:" + ociLayout("doomed"),
                    "docker://" + registry.address() + "/lib/one:doomed");
            skopeo("delete", "--tls-verify=false", "docker://" + registry.address() + "/lib/one:doomed");
        }
        Set<String> plain = DockerCollector.eligibleBlobs(directory, root, false);
        Set<String> untagged = DockerCollector.eligibleBlobs(directory, root, true);

        assertThat(plain).isNotEmpty();
        assertThat(untagged).hasSizeGreaterThan(plain.size());
        assertThat(tidemark.collect("-d", "--min-age", "0", root.toString()).blobs())
                .isEqualTo(plain);
        assertThat(tidemark.collect("-m", "--min-age", "0", "--max-delete", "100", root.toString())
                        .blobs())
                .isEqualTo(untagged);

        try (var registry = DockerRegistry.serve(directory, root)) {
            for (String image : List.of("one", "two", "three")) {
                Path pulled = directory.resolve("pulled-" + image);
                skopeo(
                        "copy",
                        "--src-tls-verify=false",
                        "docker://" + registry.address() + "/lib/" + image + ":latest",
                        "dir:" + pulled);
                assertThat(pulled.resolve("manifest.json")).exists();
            }
        }
    }

    @Test
    void everythingThatIsTaggedCanBePulledAfterASweep() {
        Map<String, byte[]> before = new HashMap<>();
        Set<String> tagged = Set.of("multi:latest", "multi:old", "nested:latest", "app:v1", "app:sha512");
        try (var registry = DockerRegistry.serve(directory, root)) {
            String amd64 = registry.pushImage("multi", "amd64", "amd64", "base", "amd64 layer");
            String arm64 = registry.pushImage("multi", "arm64", "arm64", "base", "arm64 layer");
            String index = index(amd64, arm64);
            registry.pushManifest("multi", "latest", RegistryOnDisk.OCI_INDEX, index);
            registry.pushManifest("multi", "old", RegistryOnDisk.OCI_INDEX, index(amd64));
            untag("multi", "amd64");
            untag("multi", "arm64");
            String inner = registry.pushImage("nested", "inner", "inner config", "base", "inner layer");
            String middle = registry.pushManifest("nested", "middle", RegistryOnDisk.OCI_INDEX, index(inner));
            registry.pushManifest("nested", "latest", RegistryOnDisk.OCI_INDEX, index(middle));
            untag("nested", "inner");
            untag("nested", "middle");
            registry.pushImage("app", "v1", "app config", "base", "replaced");
            registry.pushImage("app", "v1", "app config", "base", "app layer");
            registry.mountBlob("elsewhere", RegistryOnDisk.sha256("replaced".getBytes(StandardCharsets.UTF_8)), "app");
            byte[] bytes = "pushed by its sha512".getBytes(StandardCharsets.UTF_8);
            String alias = registry.pushBlob("app", bytes, RegistryOnDisk.sha512(bytes));
            String config = registry.pushBlob("app", "{}".getBytes(StandardCharsets.UTF_8));
            registry.pushManifest(
                    "app",
                    "sha512",
                    RegistryOnDisk.OCI_IMAGE,
                    ("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{\"mediaType\":"
                                    + "\"application/vnd.oci.image.config.v1+json\",\"size\":2,\"digest\":\"%s\"},"
                                    + "\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\","
                                    + "\"size\":%d,\"digest\":\"%s\"}]}")
                            .formatted(RegistryOnDisk.OCI_IMAGE, config, bytes.length, alias));
            tagged.forEach(reference -> before.putAll(Pulled.of(registry, reference)));
        }

        Tidemark.Result result = tidemark.collect("-m", "--min-age", "0", "--max-delete", "100", root.toString());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.blobs()).contains(RegistryOnDisk.sha256("replaced".getBytes(StandardCharsets.UTF_8)));
        try (var registry = DockerRegistry.serve(directory, root)) {
            Map<String, byte[]> after = new HashMap<>();
            tagged.forEach(reference -> after.putAll(Pulled.of(registry, reference)));
            assertThat(after.keySet()).isEqualTo(before.keySet());
            assertThat(after)
                    .allSatisfy((name, bytes) -> assertThat(bytes).as(name).isEqualTo(before.get(name)));
            String again = registry.pushImage("app", "v2", "app config", "base", "replaced");
            assertThat(registry.manifest("app", again)).isPresent();
            assertThat(registry.blob("app", RegistryOnDisk.sha256("replaced".getBytes(StandardCharsets.UTF_8))))
                    .isPresent();
        }
    }

    /** Tags and manifests come and go while collections are under way, dry ones and real ones. */
    @Test
    void nothingThatATagKeptAllAlongLeadsToIsListedOrDeleted() {
        collectWhileImagesComeAndGo(() -> false);
    }

    @Test
    @Tag("soak")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void nothingThatATagKeptAllNightLeadsToIsListedOrDeleted() {
        var soak = new Soak();
        collectWhileImagesComeAndGo(soak::goesOn);
    }

    private void collectWhileImagesComeAndGo(BooleanSupplier again) {
        Set<String> constant = Set.of("busy:keep", "busy:multi", "calm:keep");
        var stop = new AtomicBoolean();
        var failure = new AtomicReference<Throwable>();
        try (var registry = DockerRegistry.serve(directory, root)) {
            registry.pushImage("busy", "keep", "kept config", "base", "kept layer");
            registry.pushImage("calm", "keep", "calm config", "base", "calm layer");
            String child = registry.pushImage("busy", "child", "child config", "base", "child layer");
            registry.pushManifest("busy", "multi", RegistryOnDisk.OCI_INDEX, index(child));
            untag("busy", "child");
            for (int i = 0; i < 200; i++) {
                registry.pushImage("busy", "old" + i, "old config " + i, "base", "old layer " + i);
            }
            Map<String, byte[]> before = new HashMap<>();
            constant.forEach(reference -> before.putAll(Pulled.of(registry, reference)));
            Thread churn = new Thread(() -> churn(registry, stop), "churn");
            churn.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
            churn.start();
            try {
                boolean dry = true;
                for (int run = 0; run < 2 || again.getAsBoolean(); run++) {
                    Tidemark.Result result = dry
                            ? tidemark.collect("-m", "-d", "--min-age", "0", root.toString())
                            : tidemark.collect("-m", "--min-age", "0", "--max-delete", "100", root.toString());

                    assertThat(result.exitCode()).as(result.err()).isZero();
                    assertThat(result.blobs()).doesNotContainAnyElementsOf(digests(before));
                    assertThat(result.manifests())
                            .noneMatch(manifest ->
                                    digests(before).contains(manifest.substring(manifest.indexOf('@') + 1)));
                    dry = !dry;
                }
            } finally {
                stop.set(true);
                join(churn);
            }
            assertThat(failure.get()).isNull();
            Map<String, byte[]> after = new HashMap<>();
            constant.forEach(reference -> after.putAll(Pulled.of(registry, reference)));
            assertThat(after.keySet()).isEqualTo(before.keySet());
        }
    }

    private static void churn(DockerRegistry registry, AtomicBoolean stop) {
        var random = new Random(7);
        for (int i = 0; !stop.get(); i++) {
            int which = random.nextInt(200);
            registry.manifest("busy", "old" + which)
                    .ifPresent(manifest -> registry.deleteManifest("busy", RegistryOnDisk.sha256(manifest)));
            registry.pushImage("busy", "new" + i, "new config " + i, "base", "new layer " + i);
            registry.manifest("busy", "keep")
                    .ifPresent(manifest ->
                            registry.pushManifest("busy", "keep", RegistryOnDisk.DOCKER_IMAGE, text(manifest)));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<String> digests(Map<String, byte[]> pulled) {
        return pulled.keySet().stream()
                .map(name -> name.substring(name.indexOf('@') + 1))
                .toList();
    }

    /** 2.8 has no way to delete a tag alone, so it is removed as registry 3 would. */
    private void untag(String repository, String tag) {
        RegistryOnDisk.remove(root.resolve("docker/registry/v2/repositories")
                .resolve(repository)
                .resolve("_manifests/tags")
                .resolve(tag));
    }

    private static String index(String... manifests) {
        StringBuilder list = new StringBuilder();
        for (String manifest : manifests) {
            list.append(list.isEmpty() ? "" : ",")
                    .append(RegistryOnDisk.descriptor(RegistryOnDisk.DOCKER_IMAGE, manifest));
        }
        return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                .formatted(RegistryOnDisk.OCI_INDEX, list);
    }

    /** An image as an OCI layout, written by hand: skopeo needs no more. */
    private Path ociLayout(String name) throws Exception {
        Path layout = directory.resolve("oci-" + name);
        Path blobs = layout.resolve("blobs/sha256");
        if (!Files.exists(layout)) {
            String layer = write(blobs, ("layer of " + name).getBytes(StandardCharsets.UTF_8));
            byte[] config = ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Env\":[\"NAME=%s\"]},"
                            + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}")
                    .formatted(name, layer)
                    .getBytes(StandardCharsets.UTF_8);
            String configDigest = write(blobs, config);
            byte[] manifest = ("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{\"mediaType\":"
                            + "\"application/vnd.oci.image.config.v1+json\",\"size\":%d,\"digest\":\"%s\"},"
                            + "\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",\"size\":%d,"
                            + "\"digest\":\"%s\"}]}")
                    .formatted(
                            RegistryOnDisk.OCI_IMAGE, config.length, configDigest, ("layer of " + name).length(), layer)
                    .getBytes(StandardCharsets.UTF_8);
            String digest = write(blobs, manifest);
            Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
            Files.writeString(
                    layout.resolve("index.json"),
                    "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"%s\",\"size\":%d,\"digest\":\"%s\"}]}"
                            .formatted(RegistryOnDisk.OCI_IMAGE, manifest.length, digest));
        }
        return layout;
    }

    private static String write(Path blobs, byte[] bytes) {
        String digest = RegistryOnDisk.sha256(bytes);
        RegistryOnDisk.write(blobs.resolve(RegistryOnDisk.hex(digest)), bytes);
        return digest;
    }

    private void skopeo(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 2];
        command[0] = "skopeo";
        command[1] = "--insecure-policy";
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = text(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
