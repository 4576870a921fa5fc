package dev.tidemark.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicSegmentsTest {

    @TempDir
    private Path data;

    @Test
    void theSegmentsOfTopicsCountAndThoseOfKafkaDoNot() throws IOException {
        assertThat(TopicSegments.sizes(data)).isEmpty();
        Path segment = file("tidemark.runs-0/00000000000000000000.log", "12345");
        file("tidemark.runs-0/00000000000000000000.index", "1");
        file("__cluster_metadata-0/00000000000000000000.log", "123");
        file("meta.properties", "1");

        assertThat(TopicSegments.sizes(data)).isEqualTo(Map.of(segment, 5L));
    }

    private Path file(String name, String content) throws IOException {
        Path file = data.resolve("kafka").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }
}
