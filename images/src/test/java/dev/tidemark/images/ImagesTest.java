package dev.tidemark.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The images of a program that is made up, on no base. */
class ImagesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private Path program;

    @BeforeEach
    void aProgram() throws IOException {
        program = program("program");
    }

    @Test
    void theSameFilesMakeTheSameBytesWhereverAndWheneverTheyLie() throws Exception {
        Path other = program("elsewhere/program");
        Files.setLastModifiedTime(other.resolve("java/bin/java"), FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));

        images(program, "first");
        images(other, "second");

        for (String image : List.of("tidemark-1.2-image.tar", "tidemark-service-1.2-image.tar")) {
            assertThat(directory.resolve("first").resolve(image))
                    .hasSameBinaryContentAs(directory.resolve("second").resolve(image));
        }
    }

    @Test
    void theImageOfTheServicesHasNoBrokerNorTheCommand() throws Exception {
        images(program, "images");

        assertThat(files("tidemark-service").keySet())
                .contains(
                        "opt/tidemark/java/bin/java",
                        "opt/tidemark/native/librocksdbjni.so",
                        "opt/tidemark/lib/kafka-clients-4.jar",
                        "opt/tidemark/lib/tidemark-service-1.2.jar",
                        "opt/tidemark/drivers/s3/sdk.jar",
                        "opt/tidemark/sbom.cdx.json",
                        "usr/local/bin/tidemark")
                .noneMatch(name -> name.contains("kafka_") || name.contains("-cli-") || name.contains("sqlite"))
                .doesNotContain("opt/tidemark/tidemark", "opt/tidemark/cache/java.aot");
    }

    @Test
    void theImageOfTheCommandHasAllThatRunsAndNoDocuments() throws Exception {
        images(program, "images");

        assertThat(files("tidemark").keySet())
                .containsAll(files("tidemark-service").keySet())
                .contains(
                        "opt/tidemark/lib/kafka_2.13-4.jar",
                        "opt/tidemark/lib/tidemark-cli-1.2.jar",
                        "opt/tidemark/native/libsqlitejdbc.so",
                        "opt/tidemark/cache/java.aot",
                        "opt/tidemark/complete",
                        "opt/tidemark/tidemark")
                .noneMatch(name -> name.contains("README") || name.contains("man1"));
        assertThat(config("tidemark").get("rootfs").get("diff_ids"))
                .as("the layers of the services come first")
                .startsWith(JSON.convertValue(
                        config("tidemark-service").get("rootfs").get("diff_ids"), JsonNode[].class));
    }

    /** The start-up cache knows the jars by their time. */
    @Test
    void filesAreOfTheUserRootAndOfOneTimeAndMayBeRunWhereTheyMight() throws Exception {
        images(program, "images");

        var files = files("tidemark");
        assertThat(files.values()).filteredOn(TarArchiveEntry::isFile).allSatisfy(file -> {
            assertThat(file.getLongUserId()).isZero();
            assertThat(file.getLastModifiedTime().toInstant()).isEqualTo("2026-01-01T00:00:00Z");
        });
        assertThat(files.get("opt/tidemark/java/bin/java").getMode() & 0777).isEqualTo(0755);
        assertThat(files.get("opt/tidemark/lib/kafka-clients-4.jar").getMode() & 0777)
                .isEqualTo(0644);
        TarArchiveEntry data = files.get("var/lib/tidemark/");
        assertThat(data.getLongUserId()).isEqualTo(65532);
        assertThat(data.getMode() & 0777).as("a new volume is anybody's").isEqualTo(0777);
    }

    @Test
    void theImageSaysOfWhatItIsMadeAndIsNotRoots() throws Exception {
        images(program, "images");

        JsonNode image = config("tidemark");
        assertThat(image.get("created").textValue()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(image.get("os").textValue()).isEqualTo("linux");
        JsonNode config = image.get("config");
        assertThat(config.get("User").textValue()).isEqualTo("65532:65532");
        assertThat(config.get("Entrypoint")).hasToString("[\"tidemark\"]");
        assertThat(config.get("Labels").get("org.opencontainers.image.version").textValue())
                .isEqualTo("1.2");
        assertThat(config.get("Labels").get("org.opencontainers.image.revision").textValue())
                .isEqualTo("abc");
        assertThat(config.get("Labels").has("org.opencontainers.image.base.name"))
                .isFalse();
    }

    @Test
    void theBaseIsNamedWithItsDigest() {
        var origin = new Image.Origin("debian:13-slim@sha256:abc", "1.2", "", Instant.EPOCH);

        assertThat(origin.labels())
                .containsEntry("org.opencontainers.image.base.name", "debian:13-slim")
                .containsEntry("org.opencontainers.image.base.digest", "sha256:abc")
                .doesNotContainKey("org.opencontainers.image.revision");
    }

    private void images(Path of, String to) throws Exception {
        Images.main(new String[] {
            of.toString(),
            "../deploy/image",
            "scratch",
            "1.2",
            "abc",
            "2026-01-01T00:00:00Z",
            directory.resolve(to).toString()
        });
    }

    private JsonNode config(String image) throws IOException {
        return JSON.readTree(blob(image, manifest(image).get("Config").textValue()));
    }

    /** All that is in the image's layers, by name. */
    private Map<String, TarArchiveEntry> files(String image) throws IOException {
        var files = new TreeMap<String, TarArchiveEntry>();
        for (JsonNode layer : manifest(image).get("Layers")) {
            var content = new ByteArrayInputStream(blob(image, layer.textValue()));
            try (var tar = new TarArchiveInputStream(new GZIPInputStream(content))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    files.put(entry.getName(), entry);
                }
            }
        }
        return files;
    }

    private JsonNode manifest(String image) throws IOException {
        return JSON.readTree(blob(image, "manifest.json")).get(0);
    }

    private byte[] blob(String image, String name) throws IOException {
        try (var tar = new TarFile(directory.resolve("images").resolve(image + "-1.2-image.tar"))) {
            for (TarArchiveEntry entry : tar.getEntries()) {
                if (entry.getName().equals(name)) {
                    return tar.getInputStream(entry).readAllBytes();
                }
            }
        }
        throw new AssertionError("there is no " + name);
    }

    private Path program(String name) throws IOException {
        Path to = directory.resolve(name);
        for (String file : List.of(
                "java/bin/java",
                "java/lib/modules",
                "native/librocksdbjni.so",
                "native/libsqlitejdbc.so",
                "lib/kafka-clients-4.jar",
                "lib/kafka_2.13-4.jar",
                "lib/tidemark-kafka-1.2.jar",
                "lib/tidemark-cli-1.2.jar",
                "drivers/s3/sdk.jar",
                "cache/java.aot",
                "share/man/man1/tidemark.1.gz",
                "README.md",
                "LICENSE",
                "sbom.cdx.json",
                "complete",
                "tidemark")) {
            Path made = to.resolve(file);
            Files.createDirectories(made.getParent());
            Files.writeString(made, file);
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-r--r--"));
        }
        Files.setPosixFilePermissions(to.resolve("java/bin/java"), PosixFilePermissions.fromString("rwxr-xr-x"));
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "kafka-clients-4.jar tidemark-kafka-1.2.jar");
        new JarOutputStream(Files.newOutputStream(to.resolve("lib/tidemark-service-1.2.jar")), manifest).close();
        return to;
    }
}
