package dev.tidemark.schemas;

import dev.tidemark.schemas.EnumeratedRecord.Options;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** One of each record with everything it can say, and one with as little as it may say. */
final class Samples {

    static final RunId RUN = new RunId("20261123-211839");
    static final Digest SHA256 = Digest.Algorithm.SHA256.of(new byte[] {1});
    static final Digest SHA384 = Digest.Algorithm.SHA384.of(new byte[] {2});
    static final Digest SHA512 = Digest.Algorithm.SHA512.of(new byte[] {3});

    static final Checksum CHECKSUM = Checksum.of(new byte[] {4});

    static final Witness WITNESS = new Witness(SHA512, 1_795_000_000_000L);
    static final Fingerprint FINGERPRINT = new Fingerprint(List.of(WITNESS), 1_794_000_000_000L);
    static final Options OPTIONS = new Options(1_795_000_000_000L, true, false, 1_794_000_000_000L);

    static final Hold HOLD = new Hold("team/app:v1", SHA256, "an audit", "operator", 1, 2L);

    private Samples() {}

    /**
     * @param topic the topic that carries the record
     * @param type what its serde is made for
     * @param full whether every field says something
     */
    record Sample(String topic, Class<?> type, Object record, boolean full) {
        @Override
        public String toString() {
            return topic + " " + (full ? "full " : "minimal ")
                    + record.getClass().getSimpleName();
        }
    }

    static Stream<Sample> all() {
        return Stream.of(MarkingSamples.all(), DeletionSamples.all(), RunSamples.all(), RepositorySamples.all())
                .flatMap(Function.identity());
    }

    static List<Problem> problems() {
        return Arrays.stream(Problem.Kind.values())
                .map(kind -> new Problem(kind, "team/app:latest", kind.title()))
                .toList();
    }

    static Stream<Sample> full(String topic, Class<?> type, Object... records) {
        return Arrays.stream(records).map(record -> new Sample(topic, type, record, true));
    }

    static Stream<Sample> minimal(String topic, Class<?> type, Object... records) {
        return Arrays.stream(records).map(record -> new Sample(topic, type, record, false));
    }
}
