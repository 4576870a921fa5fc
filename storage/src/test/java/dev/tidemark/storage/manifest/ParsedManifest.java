package dev.tidemark.storage.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.manifest.ManifestContent.Doubtful;
import dev.tidemark.storage.manifest.ManifestContent.Understood;
import java.nio.charset.StandardCharsets;

/** A manifest that is parsed, and what it may name. */
abstract class ParsedManifest {

    static final Digest CONFIG = digest("config");
    static final Digest LAYER = digest("layer");
    static final Digest CHILD = digest("child");
    static final Digest SHA512 = Digest.Algorithm.SHA512.of(bytes("layer"));

    static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
    static final String OCI = "application/vnd.oci.image.manifest.v1+json";
    static final String INDEX = "application/vnd.oci.image.index.v1+json";

    static Understood understood(String text) {
        assertThat(ManifestParser.parse(bytes(text))).isInstanceOf(Understood.class);
        return (Understood) ManifestParser.parse(bytes(text));
    }

    static Doubtful doubtful(String text) {
        assertThat(ManifestParser.parse(bytes(text))).isInstanceOf(Doubtful.class);
        return (Doubtful) ManifestParser.parse(bytes(text));
    }

    static Digest digest(String seed) {
        return Digest.Algorithm.SHA256.of(bytes(seed));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
