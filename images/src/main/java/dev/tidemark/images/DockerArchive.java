package dev.tidemark.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * An image layout in a tar file that older Docker daemons load, too. It has their {@code manifest.json} in addition, as
 * a file of {@code docker save} has it since Docker 25.
 */
final class DockerArchive {

    private static final ObjectMapper JSON = new ObjectMapper();

    private DockerArchive() {}

    /**
     * Copies a layout, and adds the file.
     *
     * @param digest of the manifest of the one image in it
     * @param tags with the image's name
     */
    static void write(Path layout, String digest, List<String> tags, Path to) throws IOException {
        try (var from = new TarFile(layout);
                var tar = new TarArchiveOutputStream(Files.newOutputStream(to))) {
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            TarArchiveEntry last = null;
            for (TarArchiveEntry entry : from.getEntries()) {
                tar.putArchiveEntry(entry);
                try (InputStream content = from.getInputStream(entry)) {
                    content.transferTo(tar);
                }
                tar.closeArchiveEntry();
                last = entry;
            }
            byte[] manifest = JSON.writeValueAsBytes(List.of(manifest(from, digest, tags)));
            var entry = new TarArchiveEntry("manifest.json");
            entry.setModTime(last.getLastModifiedTime());
            entry.setSize(manifest.length);
            tar.putArchiveEntry(entry);
            tar.write(manifest);
            tar.closeArchiveEntry();
        }
    }

    private static JsonNode manifest(TarFile layout, String digest, List<String> tags) throws IOException {
        JsonNode image = JSON.readTree(read(layout, blob(digest)));
        ObjectNode manifest = JSON.createObjectNode();
        manifest.put("Config", blob(image.get("config").get("digest").textValue()));
        tags.forEach(manifest.putArray("RepoTags")::add);
        var layers = manifest.putArray("Layers");
        image.get("layers").forEach(layer -> layers.add(blob(layer.get("digest").textValue())));
        return manifest;
    }

    private static byte[] read(TarFile layout, String name) throws IOException {
        TarArchiveEntry entry = layout.getEntries().stream()
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow();
        try (InputStream content = layout.getInputStream(entry)) {
            return content.readAllBytes();
        }
    }

    private static String blob(String digest) {
        return "blobs/" + digest.replace(':', '/');
    }
}
