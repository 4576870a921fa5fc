package dev.tidemark.evidence.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.embedded.EmbeddedKafka;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics that are read while the broker is there, and when it is not. */
class TopicSourceIT {

    /** Together more than is fetched at once. */
    private static final int RECORDS = 8;

    private static final int RECORD_BYTES = 600_000;

    @TempDir
    private Path directory;

    @Test
    void readingEndsWithTheBrokerAndSaysWhatIsWrongWithIt() throws ExecutionException, InterruptedException {
        var trouble = new AtomicReference<String>();
        List<Long> read = new ArrayList<>();
        EmbeddedKafka kafka = EmbeddedKafka.start(directory);
        var cluster = new Cluster(Map.of("bootstrap.servers", kafka.bootstrapServers()), new Topics("t.", 1))
                .watched(() -> Optional.ofNullable(trouble.get()));
        String topic = cluster.topics().blobs();
        write(cluster, topic);

        try (var source = new TopicSource(cluster)) {
            Map<RecordSource.Extent, Long> from = new HashMap<>();
            source.extents(List.of(topic)).forEach(extent -> from.put(extent, 0L));
            assertThatExceptionOfType(KafkaException.class)
                    .isThrownBy(() -> source.read(from, entry -> {
                        read.add(entry.offset());
                        kafka.close();
                        trouble.set("its disk is full");
                    }))
                    .withMessage("its disk is full");
        }

        assertThat(read).isNotEmpty().hasSizeLessThan(RECORDS);
    }

    private static void write(Cluster cluster, String topic) throws ExecutionException, InterruptedException {
        try (var admin = cluster.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
        var producer = cluster.producer();
        var random = new Random(1);
        byte[] value = new byte[RECORD_BYTES];
        for (int i = 0; i < RECORDS; i++) {
            random.nextBytes(value);
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
        cluster.close(producer);
    }
}
