package dev.tidemark.kafka.topic;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.RecordPublisher;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Parsed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/** The topic {@code holds}: the latest record of each key counts, and one without a value removes it. */
public final class HoldTopic {

    private static final Serializer<Hold> HOLDS = new JsonSerde<>(Hold.class).serializer();

    private final Cluster cluster;
    private final String topic;

    public HoldTopic(Cluster cluster) {
        this.cluster = cluster;
        topic = cluster.topics().holds();
    }

    /**
     * All holds that there are now, those that are over as well, in the order of what they are of.
     *
     * @throws IllegalStateException if they can't be read, or not all of them
     */
    public List<Hold> read() {
        Map<String, Parsed<Hold>> holds = new TreeMap<>();
        TopicLog.read(cluster, topic, Hold.class, "holds", record -> put(holds, record));
        List<Hold> all = new ArrayList<>();
        holds.forEach((key, parsed) -> {
            switch (parsed) {
                case Parsed.Readable<Hold>(Hold hold) -> all.add(hold);
                case Parsed.Unreadable<Hold> bad ->
                    throw new IllegalStateException(("the hold of '%s' in %s can't be read (%s): remove it "
                                    + "(tidemark hold remove), or make it again")
                            .formatted(key, topic, bad.why()));
            }
        });
        return all;
    }

    private static void put(Map<String, Parsed<Hold>> holds, ConsumerRecord<String, Parsed<Hold>> record) {
        if (record.value() == null) {
            holds.remove(record.key());
        } else {
            holds.put(record.key(), record.value());
        }
    }

    /**
     * Writes holds, and removes others.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka doesn't take them
     */
    public void write(Collection<Hold> holds, Collection<String> removed) {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        removed.forEach(of -> records.add(new ProducerRecord<>(topic, 0, of, null)));
        holds.forEach(hold -> records.add(new ProducerRecord<>(topic, 0, hold.of(), HOLDS.serialize(null, hold))));
        try (var publisher = new RecordPublisher(cluster, topic)) {
            publisher.publish(records);
        }
    }
}
