package dev.tidemark.embedded;

import dev.tidemark.schemas.text.Causes;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.CorruptRecordException;

/**
 * Says why Kafka did not start, in one line. "Damaged" is said of a file that was read and found wrong, and of nothing
 * else.
 */
final class StartFailure {

    private StartFailure() {}

    static EmbeddedKafkaException of(Path directory, Throwable cause) {
        Optional<String> damage = DamagedFile.in(directory).or(() -> damagedRecord(directory, cause));
        if (damage.isPresent()) {
            return new EmbeddedKafkaException(
                    "Kafka cannot start on " + directory + ": " + damage.get()
                            + ". Move that directory away to start with an empty one: the record of"
                            + " earlier runs goes with it, the registry is not touched",
                    cause);
        }
        String advice = has(cause, OutOfMemoryError.class) ? ": it needs more memory than the JVM's -Xmx gives it" : "";
        return new EmbeddedKafkaException(
                "Kafka cannot start on " + directory + " (" + Causes.named(cause) + ")" + advice, cause);
    }

    private static Optional<String> damagedRecord(Path directory, Throwable cause) {
        return has(cause, CorruptRecordException.class)
                ? Optional.of("a record in " + directory.resolve(DataDir.METADATA_LOG) + " is damaged ("
                        + Causes.named(cause) + ")")
                : Optional.empty();
    }

    private static boolean has(Throwable error, Class<?> type) {
        return Stream.iterate(error, Objects::nonNull, Throwable::getCause).anyMatch(type::isInstance);
    }
}
