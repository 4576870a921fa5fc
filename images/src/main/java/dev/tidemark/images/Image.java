package dev.tidemark.images;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An image as a file, which Docker, Podman and containerd load, and skopeo pushes.
 *
 * @param name the image's name
 * @param description of what is in it
 * @param layers those on top of the base
 */
record Image(String name, String description, List<FileEntriesLayer> layers) {

    /**
     * On which base, and of which sources.
     *
     * @param base an image in a registry, or as {@code tar://FILE}; "scratch" is none
     * @param revision the commit, or nothing where it is not known
     */
    record Origin(String base, String version, String revision, Instant time) {

        Map<String, String> labels() {
            Map<String, String> labels = new TreeMap<>(Map.of(
                    "org.opencontainers.image.title",
                    "Tidemark",
                    "org.opencontainers.image.licenses",
                    "Apache-2.0",
                    "org.opencontainers.image.version",
                    version,
                    "org.opencontainers.image.created",
                    time.toString()));
            if (!revision.isEmpty()) {
                labels.put("org.opencontainers.image.revision", revision);
            }
            if (inRegistry()) {
                String[] nameAndDigest = base.split("@", 2);
                labels.put("org.opencontainers.image.base.name", nameAndDigest[0]);
                if (nameAndDigest.length == 2) {
                    labels.put("org.opencontainers.image.base.digest", nameAndDigest[1]);
                }
            }
            return labels;
        }

        private boolean inRegistry() {
            return !base.equals("scratch") && !base.startsWith(Jib.TAR_IMAGE_PREFIX);
        }
    }

    /**
     * Writes the image.
     *
     * @param work a directory for what is computed once: layers of the base, and of this
     * @return the digest of its manifest
     */
    String write(Origin origin, Path work, Path to) throws Exception {
        JibContainerBuilder container = origin.base().equals("scratch") ? Jib.fromScratch() : Jib.from(origin.base());
        container
                .setFormat(ImageFormat.OCI)
                .setPlatforms(Set.of(platform()))
                .setCreationTime(origin.time())
                .setLabels(labels(origin))
                .setUser("65532:65532")
                .setWorkingDirectory(AbsoluteUnixPath.get("/var/lib/tidemark"))
                .addEnvironmentVariable("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
                .addEnvironmentVariable("LANG", "C.UTF-8")
                .addEnvironmentVariable("XDG_STATE_HOME", "/var/lib")
                // The indexes of audit, explain, compare, replay and report are made anew where nothing else can be
                // written to.
                .addEnvironmentVariable("XDG_CACHE_HOME", "/tmp")
                .addExposedPort(Port.tcp(8080))
                .setEntrypoint("tidemark")
                .setProgramArguments("--help")
                .setFileEntriesLayers(layers);
        Path layout = Files.createTempFile(work, name, ".tar");
        try {
            JibContainer made =
                    container.containerize(Containerizer.to(TarImage.at(layout).named(name + ":" + origin.version()))
                            .setOfflineMode(!origin.inRegistry())
                            .setBaseImageLayersCache(work.resolve("base"))
                            .setApplicationLayersCache(work.resolve("layers"))
                            .setToolName("tidemark"));
            String digest = made.getDigest().toString();
            DockerArchive.write(layout, digest, List.of(name + ":" + origin.version(), name + ":latest"), to);
            return digest;
        } finally {
            Files.delete(layout);
        }
    }

    private Map<String, String> labels(Origin origin) {
        Map<String, String> labels = origin.labels();
        labels.put("org.opencontainers.image.description", description);
        return labels;
    }

    private static Platform platform() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> new Platform("amd64", "linux");
            case "aarch64" -> new Platform("arm64", "linux");
            case String other -> throw new IllegalStateException("No image is made for " + other);
        };
    }
}
