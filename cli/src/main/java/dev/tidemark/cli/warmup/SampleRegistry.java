package dev.tidemark.cli.warmup;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.layout.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A made-up registry on a filesystem: small images in some repositories, half of their layers shared, a third of them
 * untagged.
 */
record SampleRegistry(Path root) {

    private static final int IMAGES_OF_A_REPOSITORY = 40;
    private static final int LAYERS = 8;

    /** Writes that many images. */
    void write(int images) throws IOException {
        for (int image = 0; image < images; image++) {
            write("team/app" + image / IMAGES_OF_A_REPOSITORY, image);
        }
    }

    private void write(String repository, int image) throws IOException {
        String config = layer(repository, "config " + image);
        StringBuilder layers = new StringBuilder();
        for (int i = 0; i < LAYERS; i++) {
            String layer = layer(
                    repository,
                    i % 2 == 0 ? "layer " + image + "." + i : "shared " + image % IMAGES_OF_A_REPOSITORY + "." + i);
            layers.append(i == 0 ? "" : ",").append(descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer));
        }
        String type = "application/vnd.oci.image.manifest.v1+json";
        Digest manifest =
                blob("""
            {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}\
            """.formatted(type, descriptor("application/vnd.oci.image.config.v1+json", config), layers));
        file(Layout.revisionLink(repository, manifest), manifest.toString());
        if (image % 3 != 0) {
            file(Layout.currentLink(repository, "v" + image), manifest.toString());
        }
        file(Layout.historyEntry(repository, "latest", manifest) + "/" + Layout.LINK, manifest.toString());
        file(Layout.currentLink(repository, "latest"), manifest.toString());
    }

    private static String descriptor(String mediaType, String content) {
        String size = Integer.toString(content.length());
        return """
        {"mediaType":"%s","digest":"%s","size":%s}""".formatted(mediaType, digest(content), size);
    }

    private static Digest digest(String content) {
        return Digest.Algorithm.SHA256.of(content.getBytes(StandardCharsets.UTF_8));
    }

    private String layer(String repository, String content) throws IOException {
        Digest digest = blob(content);
        file(Layout.layerLink(repository, digest), digest.toString());
        return content;
    }

    private Digest blob(String content) throws IOException {
        Digest digest = digest(content);
        file(Layout.blobData(digest), content);
        return digest;
    }

    private void file(String path, String content) throws IOException {
        Path file = root.resolve(Layout.BASE).resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
