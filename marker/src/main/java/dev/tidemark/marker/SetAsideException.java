package dev.tidemark.marker;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Thrown where a record can't be worked off, or a slice can't be decided. It carries the dead letters; all other
 * records go on.
 */
final class SetAsideException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<ProducerRecord<byte[], byte[]>> deadLetters;

    /**
     * @param deadLetters the record, and the end of the run that lacks it, where there are any
     * @param cause null if it could not be read
     */
    SetAsideException(List<ProducerRecord<byte[], byte[]>> deadLetters, Throwable cause) {
        super(cause);
        this.deadLetters = List.copyOf(deadLetters);
    }

    List<ProducerRecord<byte[], byte[]>> deadLetters() {
        return deadLetters;
    }
}
