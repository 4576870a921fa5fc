package dev.tidemark.testkit.live;

import dev.tidemark.testkit.DockerRegistry;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/** Looks whether a registry serves a pushed image with all that it is made of. */
final class ImageServed {

    private final DockerRegistry registry;

    ImageServed(DockerRegistry registry) {
        this.registry = registry;
    }

    boolean whole(Push push) {
        try {
            return whole(push.repository(), push.tag(), push.image());
        } catch (UncheckedIOException e) {
            // Of a blob that it only remembers, the registry sends no byte.
            return false;
        }
    }

    private boolean whole(String repository, String reference, TinyImage image) {
        return is(registry.manifest(repository, reference), image.manifest())
                && image.blobs().stream().allMatch(blob -> is(registry.blob(repository, TinyImage.digest(blob)), blob))
                && image.images().stream().allMatch(child -> whole(repository, child.digest(), child));
    }

    private static boolean is(Optional<byte[]> answer, String text) {
        return answer.filter(bytes -> Arrays.equals(bytes, TinyImage.bytes(text)))
                .isPresent();
    }
}
