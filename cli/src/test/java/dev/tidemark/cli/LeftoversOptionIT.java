package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.RegistryConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Which age counts for what clients leave behind. */
class LeftoversOptionIT extends RegistryWithLeftovers {

    private static final String ID = "3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90";

    @Test
    void offLeavesThemAloneAndDoesNotLook() {
        anOldUpload();

        Tidemark.Result dry = tidemark.collect("--dry-run", "--leftovers", "off", "--format", "json", root.toString());

        assertThat(dry.uploads()).isEmpty();
        assertThat(dry.summary().has("leftovers")).isFalse();
        assertThat(dry.summary().has("leftoversNote")).isFalse();
        assertThat(tidemark.collect("--dry-run", "--leftovers", "91d", root.toString())
                        .uploads())
                .isEmpty();
        assertThat(tidemark.collect("--dry-run", "--leftovers", "0", "--min-age", "91d", root.toString())
                        .uploads())
                .as("what is young is kept")
                .isEmpty();
    }

    /** Whoever keeps them for some reason has said so to the registry. */
    @Test
    void withoutTheOptionTheRegistrysConfigurationCounts() throws IOException {
        anOldUpload();
        Path config = directory.resolve("config.yml");

        Files.writeString(config, "version: 0.1\nstorage:\n" + RegistryConfigFile.onFilesystem(root));
        Tidemark.Result purging = tidemark.collect("--dry-run", "--format", "json", config.toString());
        assertThat(purging.uploads()).containsExactly("app, " + ID);
        assertThat(purging.summary().path("leftovers").path("age").asText()).isEqualTo("7d");

        Files.writeString(
                config,
                "version: 0.1\nstorage:\n" + RegistryConfigFile.onFilesystem(root)
                        + maintenance("enabled: true, age: 2400h, interval: 24h, dryrun: false"));
        assertThat(tidemark.collect("--dry-run", config.toString()).uploads()).isEmpty();

        Files.writeString(
                config,
                "version: 0.1\nstorage:\n" + RegistryConfigFile.onFilesystem(root) + maintenance("enabled: false"));
        Tidemark.Result disabled = tidemark.collect("--dry-run", config.toString());
        assertThat(disabled.uploads()).isEmpty();
        assertThat(disabled.out()).contains("left alone", "uploadpurging is not enabled", "--leftovers 7d");

        Tidemark.Result unknown = tidemark.collect("--dry-run", root.toString());
        assertThat(unknown.uploads()).isEmpty();
        assertThat(unknown.out()).contains("only a root directory is named");
    }

    private void anOldUpload() {
        disk.repo("app").image("image");
        disk.repo("app").upload(ID, Instant.now().minus(Duration.ofDays(90)));
        disk.age(Duration.ofDays(90));
    }
}
