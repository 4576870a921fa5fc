package dev.tidemark.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failures before Kafka starts. */
class EmbeddedKafkaTest {

    @TempDir
    Path temp;

    @Test
    void refusesADirectoryThatIsAFile() throws Exception {
        Path file = Files.createFile(temp.resolve("file"));
        assertThatThrownBy(() -> EmbeddedKafka.start(file))
                .isInstanceOf(EmbeddedKafkaException.class)
                .hasMessageContaining("cannot use " + file)
                .hasMessageContaining("must be a directory");
    }

    @Test
    void refusesAPortThatIsTakenAndLeavesTheDirectoryFree() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedKafka.start(temp, taken.getLocalPort(), elapsed -> {}))
                    .isInstanceOf(EmbeddedKafkaException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
        DataDir.open(temp).close();
    }

    @Test
    void formatsADirectoryOnce() throws Exception {
        try (DataDir dir = DataDir.open(temp)) {
            dir.formatIfNew();
            String formatted = Files.readString(temp.resolve("meta.properties"));
            dir.formatIfNew();
            assertThat(temp.resolve("meta.properties")).hasContent(formatted);
            assertThat(dir.wasKilled()).isFalse();
        }
    }

    @Test
    void doesNotFormatOverAnotherClustersMetadata() throws Exception {
        Path metadata = Files.createDirectory(temp.resolve("__cluster_metadata-0"));
        Files.writeString(metadata.resolve("quorum-state"), "{}");
        assertThatThrownBy(() -> EmbeddedKafka.start(temp))
                .isInstanceOf(EmbeddedKafkaException.class)
                .hasMessageContaining("meta.properties is missing");
    }

    /** As a process leaves it that is killed while it formats. */
    @Test
    void formatsADirectoryThatIsHalfFormatted() throws Exception {
        try (DataDir dir = DataDir.open(temp)) {
            dir.formatIfNew();
            Files.delete(temp.resolve("meta.properties"));
            dir.formatIfNew();
            assertThat(temp.resolve("meta.properties")).isNotEmptyFile();
        }
    }
}
