package dev.tidemark.testkit.live;

import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * An image of some tiny blobs, or an index of two images. The same numbers are the same bytes, in whatever repository:
 * what one client has deleted, another pushes again.
 *
 * @param number images of a number share a layer, and one with every fifth number
 * @param variant from 0 to {@link #VARIANTS} - 1; the last is the index of all others
 */
record TinyImage(int number, int variant) {

    static final int VARIANTS = 3;

    private static final int BASES = 5;

    /** By text: whoever watches asks for each again and again. */
    private static final Map<String, String> DIGESTS = new ConcurrentHashMap<>();

    private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    private static final String LAYER = "application/vnd.oci.image.layer.v1.tar";

    boolean index() {
        return variant == VARIANTS - 1;
    }

    /** The images of an index. */
    List<TinyImage> images() {
        return index() ? List.of(new TinyImage(number, 0), new TinyImage(number, 1)) : List.of();
    }

    /** The indexes that name this image. */
    List<TinyImage> indexes() {
        return index() ? List.of() : List.of(new TinyImage(number, VARIANTS - 1));
    }

    /** Whether this is the other, or an index of it. */
    boolean needs(TinyImage other) {
        return equals(other) || images().contains(other);
    }

    /** The blobs of an image: its config, and its layers. */
    List<String> blobs() {
        return index()
                ? List.of()
                : List.of(
                        "{\"config\": \"%d.%d\"}".formatted(number, variant),
                        "base " + number % BASES,
                        "layer " + number,
                        "layer %d.%d".formatted(number, variant));
    }

    String mediaType() {
        return index() ? RegistryOnDisk.OCI_INDEX : RegistryOnDisk.OCI_IMAGE;
    }

    String manifest() {
        String head = "{\"schemaVersion\":2,\"mediaType\":\"%s\",".formatted(mediaType());
        if (index()) {
            return head + "\"manifests\":["
                    + images().stream()
                            .map(image -> descriptor(image.mediaType(), image.manifest()))
                            .collect(Collectors.joining(","))
                    + "]}";
        }
        return head + "\"config\":" + descriptor(CONFIG, blobs().getFirst()) + ",\"layers\":["
                + blobs().stream()
                        .skip(1)
                        .map(layer -> descriptor(LAYER, layer))
                        .collect(Collectors.joining(","))
                + "]}";
    }

    private static String descriptor(String mediaType, String text) {
        return RegistryOnDisk.descriptor(mediaType, digest(text), text.length());
    }

    String digest() {
        return digest(manifest());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String digest(String text) {
        return DIGESTS.computeIfAbsent(text, known -> RegistryOnDisk.sha256(bytes(known)));
    }
}
