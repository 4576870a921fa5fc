package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.testkit.DockerCollector;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A registry that skopeo pushes to, and pulls from. */
class SkopeoIT extends RealRegistry {

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
}
