package dev.tidemark.sweeper.trash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicScan;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.schemas.TrashRecord.Outcome;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.ClusterOnKafka;
import dev.tidemark.testkit.RegistryOnDisk;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topic says of a file that it is purged when it is, and not before. */
class PurgeRecordsIT {

    private static final RunId RUN = RunId.next(Instant.now(), Optional.empty());

    @TempDir
    private Path directory;

    @Test
    void aFileThatTheStorageDoesNotDestroyIsNotSaidToBePurged() throws Exception {
        RegistryOnDisk registry = RegistryOnDisk.at(directory.resolve("registry"));
        Digest gone = Digest.parse(registry.blob("gone"));
        Digest busy = Digest.parse(registry.blob("busy"));
        registry.age(Duration.ofDays(3));
        try (var kafka = new ClusterOnKafka(directory.resolve("kafka"));
                var storage = FilesystemStorage.open(registry.root())) {
            Cluster cluster = kafka.cluster;
            Trash trash = storage.trash().orElseThrow();
            trash.prepare(RUN, Duration.ZERO);
            assertThat(trash.take(RUN, List.of(Layout.blobData(gone), Layout.blobData(busy)), () -> true))
                    .isEmpty();

            TrashReport report;
            try (var keeper =
                    TrashKeeper.recording(cluster, storage, throttled(trash, busy), Duration.ZERO, Optional.empty())) {
                report = keeper.look(Optional.empty(), () -> true).orElseThrow();
            }

            assertThat(report.purged().count()).isEqualTo(1);
            assertThat(report.failed()).isEqualTo(1);
            assertThat(said(cluster, gone)).containsExactly(Outcome.PURGING, Outcome.PURGED);
            assertThat(said(cluster, busy)).containsExactly(Outcome.PURGING);
        }
    }

    /** A trash whose storage destroys all but one. */
    private static Trash throttled(Trash trash, Digest busy) {
        return (Trash) Proxy.newProxyInstance(
                Trash.class.getClassLoader(), new Class<?>[] {Trash.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("purge")) {
                        return method.invoke(trash, arguments);
                    }
                    List<Object> others = new ArrayList<>((Collection<?>) arguments[1]);
                    others.remove(Layout.blobData(busy));
                    method.invoke(trash, arguments[0], others, arguments[2]);
                    return Map.of(Layout.blobData(busy), new StorageException("slow down"));
                });
    }

    private static List<Outcome> said(Cluster cluster, Digest digest) {
        List<Outcome> said = new ArrayList<>();
        try (var scan = new TopicScan<>(cluster, cluster.topics().trash(), TrashRecord.class)) {
            scan.read(0, OptionalLong.empty(), () -> true, record -> {
                if (record.digest().equals(digest)) {
                    said.add(record.outcome());
                }
            });
        }
        return said;
    }
}
