package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest.Algorithm;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class TopicsTest {

    @Property
    void putsADigestWhereAnyKafkaProducerWouldPutItsText(
            @ForAll byte[] content, @ForAll Algorithm algorithm, @ForAll @IntRange(min = 1, max = 64) int partitions) {
        Digest digest = algorithm.of(content);
        byte[] key = digest.toString().getBytes(StandardCharsets.UTF_8);

        assertThat(new Topics("any.", partitions).partition(digest))
                .isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
    }

    @Test
    void allBeginWithThePrefix() {
        var topics = new Topics("east.", 4);

        assertThat(topics.keyedByDigest())
                .containsExactly(
                        "east.manifests",
                        "east.blobs",
                        "east.layers",
                        "east.marks",
                        "east.eligible",
                        "east.eligible.dry-run",
                        "east.deletions");
        assertThat(topics.runs()).isEqualTo("east.runs");
        assertThat(topics.repositories()).isEqualTo("east.repositories");
        for (EnumeratedRecord.Input input : EnumeratedRecord.Input.values()) {
            assertThat(topics.of(input)).isEqualTo("east." + input.name().toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void theDesignHasEveryTopicAndNoOther() throws Exception {
        String design =
                Files.readString(Path.of("").toAbsolutePath().getParent().resolve("docs/design.md"));
        var topics = new Topics(Topics.DEFAULT_PREFIX, 1);
        // The changelog is the marker's own: no other reads what is in it.
        Set<String> others = Set.of("prefix", "toString", "markerProgress");
        Set<String> names = new TreeSet<>();
        for (Method method : Topics.class.getDeclaredMethods()) {
            if (method.getReturnType() == String.class
                    && method.getParameterCount() == 0
                    && !others.contains(method.getName())) {
                names.add((String) method.invoke(topics));
            }
        }

        assertThat(Pattern.compile("(?m)^\\| `(tidemark\\.[^`]+)` \\|")
                        .matcher(design)
                        .results()
                        .map(topic -> topic.group(1)))
                .containsExactlyInAnyOrderElementsOf(names);
    }
}
