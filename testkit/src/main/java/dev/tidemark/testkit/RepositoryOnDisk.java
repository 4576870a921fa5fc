package dev.tidemark.testkit;

import static dev.tidemark.testkit.RegistryOnDisk.DOCKER_IMAGE;
import static dev.tidemark.testkit.RegistryOnDisk.OCI_IMAGE;
import static dev.tidemark.testkit.RegistryOnDisk.OCI_INDEX;
import static dev.tidemark.testkit.RegistryOnDisk.algorithm;
import static dev.tidemark.testkit.RegistryOnDisk.descriptor;
import static dev.tidemark.testkit.RegistryOnDisk.hex;
import static dev.tidemark.testkit.RegistryOnDisk.sha512;
import static dev.tidemark.testkit.RegistryOnDisk.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A repository of a {@link RegistryOnDisk}; it is there as soon as something is pushed to it. */
public final class RepositoryOnDisk {

    private static final Pattern LAYERS = Pattern.compile("\"layers\":\\[[^]]*]");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    private final RegistryOnDisk registry;
    private final String name;

    RepositoryOnDisk(RegistryOnDisk registry, String name) {
        this.registry = registry;
        this.name = name;
    }

    public String name() {
        return name;
    }

    public Path directory() {
        return registry.base().resolve("repositories").resolve(name);
    }

    /** Pushes a Docker image: a config and two layers of its own. */
    public String image(String seed) {
        return image(DOCKER_IMAGE, layer("config of " + seed), layer(seed + ", layer 1"), layer(seed + ", layer 2"));
    }

    /**
     * Pushes an image's manifest.
     *
     * @param mediaType null to leave it out
     */
    public String image(String mediaType, String config, String... layers) {
        StringBuilder list = new StringBuilder();
        for (String layer : layers) {
            list.append(list.isEmpty() ? "" : ",")
                    .append(sized("application/vnd.docker.image.rootfs.diff.tar.gzip", layer));
        }
        return manifest("{\"schemaVersion\":2,%s\"config\":%s,\"layers\":[%s]}"
                .formatted(declared(mediaType), sized("application/vnd.docker.container.image.v1+json", config), list));
    }

    /** A descriptor with the blob's size, if it is there. */
    private String sized(String mediaType, String digest) {
        return descriptor(mediaType, digest, size(digest));
    }

    /** The size of a blob; 1 if it is not there. */
    long size(String digest) {
        try {
            Path data = registry.data(digest);
            return Files.exists(data) ? Files.size(data) : 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pushes an OCI index of manifests. */
    public String index(String... manifests) {
        return indexOf(OCI_INDEX, manifests);
    }

    /** Pushes an index of that media type; null leaves it out. */
    public String indexOf(String mediaType, String... manifests) {
        StringBuilder list = new StringBuilder();
        for (String manifest : manifests) {
            list.append(list.isEmpty() ? "" : ",").append(sized(OCI_IMAGE, manifest));
        }
        return manifest("{\"schemaVersion\":2,%s\"manifests\":[%s]}".formatted(declared(mediaType), list));
    }

    /** Stores any text as a manifest. */
    public String manifest(String text) {
        return manifest(text.getBytes(StandardCharsets.UTF_8));
    }

    public String manifest(byte[] bytes) {
        String digest = registry.blob(bytes);
        link(digest);
        return digest;
    }

    /** The layers of an image; none of an index. */
    public List<String> layers(String image) {
        try {
            String text = Files.readString(registry.data(image));
            Matcher list = LAYERS.matcher(text);
            return list.find()
                    ? DIGEST.matcher(list.group())
                            .results()
                            .map(MatchResult::group)
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pushes a layer. */
    public String layer(String text) {
        String digest = registry.blob(text);
        layerLink(digest, digest);
        return digest;
    }

    /**
     * Pushes a layer by its sha512 digest, which it returns: it is stored under its sha256 digest, and both are
     * linked.
     */
    public String layerBySha512(byte[] bytes) {
        String stored = registry.blob(bytes);
        String digest = sha512(bytes);
        layerLink(stored).layerLink(digest, stored);
        return digest;
    }

    /** Links a digest as a manifest. */
    public RepositoryOnDisk link(String digest) {
        write(revision(digest), digest.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public RepositoryOnDisk layerLink(String digest) {
        return layerLink(digest, digest);
    }

    /** Links a digest as a layer, with any content. */
    public RepositoryOnDisk layerLink(String digest, String content) {
        write(layerPath(digest), content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Tags a digest, as a push does: the current link and the history. */
    public RepositoryOnDisk tag(String tag, String digest) {
        write(currentLink(tag), digest.getBytes(StandardCharsets.UTF_8));
        write(history(tag, digest), digest.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public Path revision(String digest) {
        return directory()
                .resolve("_manifests/revisions")
                .resolve(algorithm(digest))
                .resolve(hex(digest))
                .resolve("link");
    }

    public Path layerPath(String digest) {
        return directory()
                .resolve("_layers")
                .resolve(algorithm(digest))
                .resolve(hex(digest))
                .resolve("link");
    }

    /** Begins an upload: what a registry has written of it after some bytes. Returns its directory. */
    public Path upload(String id, Instant begun) {
        Path upload = directory().resolve("_uploads").resolve(id);
        RegistryOnDisk.write(
                upload.resolve("startedat"),
                begun.truncatedTo(ChronoUnit.SECONDS).toString().getBytes(StandardCharsets.UTF_8));
        RegistryOnDisk.write(upload.resolve("data"), "some bytes".getBytes(StandardCharsets.UTF_8));
        RegistryOnDisk.write(upload.resolve("hashstates/sha256/10"), "state".getBytes(StandardCharsets.UTF_8));
        return upload;
    }

    public Path currentLink(String tag) {
        return tagDirectory(tag).resolve("current/link");
    }

    /** The directory of all that is of a tag. */
    public Path tagDirectory(String tag) {
        return directory().resolve("_manifests/tags").resolve(tag);
    }

    public Path history(String tag, String digest) {
        return tagDirectory(tag)
                .resolve("index")
                .resolve(algorithm(digest))
                .resolve(hex(digest))
                .resolve("link");
    }

    private static String declared(String mediaType) {
        return mediaType == null ? "" : "\"mediaType\":\"" + mediaType + "\",";
    }
}
