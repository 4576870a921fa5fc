package dev.tidemark.bench.tree;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Manifests as clients push them: Docker's indented, OCI's in one line. */
enum ManifestText {
    DOCKER(
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.docker.container.image.v1+json",
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
            "\n      "),
    OCI(
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.oci.image.config.v1+json",
            "application/vnd.oci.image.layer.v1.tar+gzip",
            "");

    private static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

    /** A blob that a manifest names. */
    record Part(Sha256 digest, int size) {}

    private final String image;
    private final String index;
    private final String config;
    private final String layer;
    private final String space;

    ManifestText(String image, String index, String config, String layer, String space) {
        this.image = image;
        this.index = index;
        this.config = config;
        this.layer = layer;
        this.space = space;
    }

    byte[] image(Part config, List<Part> layers) {
        String list = layers.stream().map(part -> descriptor(layer, part, "")).collect(Collectors.joining(","));
        return bytes("{%1$s\"schemaVersion\":2,%1$s\"mediaType\":\"%2$s\",%1$s\"config\":%3$s,%1$s\"layers\":[%4$s]}"
                .formatted(space, image, descriptor(this.config, config, ""), list));
    }

    byte[] index(List<Part> images) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < images.size(); i++) {
            String platform =
                    ",%s\"platform\":{\"architecture\":\"%s\",\"os\":\"linux\"}".formatted(space, ARCHITECTURES.get(i));
            list.append(i == 0 ? "" : ",").append(descriptor(image, images.get(i), platform));
        }
        return bytes("{%1$s\"schemaVersion\":2,%1$s\"mediaType\":\"%2$s\",%1$s\"manifests\":[%3$s]}"
                .formatted(space, index, list));
    }

    private String descriptor(String mediaType, Part part, String more) {
        return "{" + space + "\"mediaType\":\"" + mediaType + "\"," + space + "\"size\":" + part.size() + "," + space
                + "\"digest\":\"" + part.digest() + "\"" + more + "}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
