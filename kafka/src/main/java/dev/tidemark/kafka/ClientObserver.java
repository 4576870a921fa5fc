package dev.tidemark.kafka;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** An observer of the Kafka clients that are opened and closed, to show their metrics. Called by any thread. */
public interface ClientObserver {

    /** Shows nothing. */
    ClientObserver NONE = new ClientObserver() {};

    default void opened(Consumer<?, ?> consumer) {}

    default void opened(Producer<?, ?> producer) {}

    /** A consumer or producer that was opened before. */
    default void closed(Object client) {}
}
