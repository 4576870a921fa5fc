package dev.tidemark.embedded;

import dev.tidemark.schemas.text.Causes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.EligibleLeaderReplicasVersion;
import org.apache.kafka.server.common.ShareVersion;
import org.apache.kafka.storage.internals.checkpoint.CleanShutdownFileHandler;

/** The broker's directory: one process at a time, formatted at its first use. */
final class DataDir implements AutoCloseable {

    private static final String LOCK = "tidemark.lock";
    static final String METADATA_LOG = "__cluster_metadata-0";
    static final String QUORUM_STATE = "quorum-state";

    private final Path path;
    private final FileChannel lock;

    private DataDir(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Locks the directory. Kafka's own lock comes too late for that: by then the second process has opened the first
     * one's metadata log.
     */
    static DataDir open(Path path) {
        Path dir = path.toAbsolutePath().normalize();
        FileChannel channel = null;
        try {
            Files.createDirectories(dir);
            channel = FileChannel.open(dir.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) != null) {
                return new DataDir(dir, channel);
            }
        } catch (IOException e) {
            Utils.closeQuietly(channel, LOCK);
            throw new EmbeddedKafkaException(
                    "Kafka cannot use " + dir + " (" + Causes.named(e)
                            + "). It must be a directory that this user may write to.",
                    e);
        }
        Utils.closeQuietly(channel, LOCK);
        throw new EmbeddedKafkaException("Kafka already runs on " + dir
                + ", in this or another process. Wait until that has ended, or choose another directory.");
    }

    Path path() {
        return path;
    }

    /** A directory is formatted once {@code meta.properties} is there, which is written last. */
    void formatIfNew() {
        if (Files.exists(path.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
            return;
        }
        if (hasRun()) {
            throw StartFailure.of(path, new IOException(MetaPropertiesEnsemble.META_PROPERTIES_NAME + " is missing"));
        }
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(BrokerSettings.NODE)
                    .setControllerListenerName(ReservedSockets.CONTROLLER)
                    .addDirectory(path.toString())
                    .setMetadataLogDirectory(path.toString())
                    // With this feature a broker that was killed must prove that it lost nothing before it may lead
                    // again.
                    // With a single replica there is nobody else to lead.
                    .setFeatureLevel(EligibleLeaderReplicasVersion.FEATURE_NAME, (short) 0)
                    .setFeatureLevel(ShareVersion.FEATURE_NAME, (short) 0)
                    .run();
        } catch (Exception e) {
            throw StartFailure.of(path, e);
        }
    }

    /** The first thing that a controller writes; to format a directory makes the log without it. */
    private boolean hasRun() {
        return Files.exists(path.resolve(METADATA_LOG).resolve(QUORUM_STATE));
    }

    /** Whether a broker ran here and did not stop in order. */
    boolean wasKilled() {
        return hasRun() && !Files.exists(path.resolve(CleanShutdownFileHandler.CLEAN_SHUTDOWN_FILE_NAME));
    }

    /** How much a start has to replay, roughly. */
    long metadataBytes() {
        try (Stream<Path> files = Files.list(path.resolve(METADATA_LOG))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        Utils.closeQuietly(lock, LOCK);
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
