package dev.tidemark.kafka.worker;

import dev.tidemark.schemas.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records that are not worked off: they go to the topic {@code rejected}, with their place and the reason. */
public final class SetAside {

    private static final Logger LOG = LoggerFactory.getLogger(SetAside.class);

    private SetAside() {}

    /** The record's place, as {@code topic-partition@offset}: its key in {@code rejected}. */
    static String where(ConsumerRecord<?, ?> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    /** @param value the record's, or null if it has none */
    public static void send(ConsumerRecord<?, ?> record, byte[] value, String why, Topics topics, Lane lane) {
        LOG.error("{} is set aside in {}: {}", where(record), topics.rejected(), why);
        lane.send(record(topics, where(record), value, why));
    }

    /** A record of {@code rejected}, whose key says where its value came from. */
    public static ProducerRecord<String, byte[]> record(Topics topics, String from, byte[] value, String why) {
        var rejected = new ProducerRecord<>(topics.rejected(), from, value);
        rejected.headers().add("why", why.getBytes(StandardCharsets.UTF_8));
        return rejected;
    }
}
