package dev.tidemark.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.schemas.text.Causes;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;

/**
 * Finds the file that kept Kafka from starting. Kafka itself only says that it can't use the directory, and logs the
 * rest. Logs and their indexes are not looked at: Kafka repairs them by itself.
 */
final class DamagedFile {

    private static final Pattern PARTITION = Pattern.compile(".+-\\d+|.+\\.[0-9a-f]{32}-(delete|future|stray)");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private DamagedFile() {}

    /** The first one in the broker's directory, with the reason; empty if all are sound or can't be read. */
    static Optional<String> in(Path directory) {
        try (Stream<Path> files = Files.walk(directory, 2)) {
            return files.sorted()
                    .flatMap(file -> fault(directory, file).map(why -> file + " is damaged (" + why + ")").stream())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> fault(Path directory, Path file) {
        String name = file.getFileName().toString();
        try {
            if (file.getParent().equals(directory)
                    && PARTITION.matcher(name).matches()
                    && !name.endsWith("-checkpoint")) {
                return Files.isDirectory(file) ? Optional.empty() : Optional.of("it is no directory");
            }
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            return switch (name) {
                case MetaPropertiesEnsemble.META_PROPERTIES_NAME ->
                    lacks(file, "cluster.id=").or(() -> lacks(file, "node.id="));
                case "partition.metadata" -> lacks(file, "version: ").or(() -> lacks(file, "topic_id: "));
                case DataDir.QUORUM_STATE -> json(file);
                default -> name.endsWith("-checkpoint") ? checkpoint(Files.readAllLines(file)) : Optional.empty();
            };
        } catch (CharacterCodingException e) {
            return Optional.of("it is no text");
        } catch (IOException e) {
            return Optional.of(Causes.named(e));
        }
    }

    private static Optional<String> lacks(Path file, String beginning) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.anyMatch(line -> line.startsWith(beginning))
                    ? Optional.empty()
                    : Optional.of("it lacks " + beginning.strip());
        } catch (IOException | java.io.UncheckedIOException e) {
            return Optional.of("it is no text");
        }
    }

    private static Optional<String> json(Path file) throws IOException {
        try {
            return new ObjectMapper().readTree(Files.readString(file)).isObject()
                    ? Optional.empty()
                    : Optional.of("it is no JSON object");
        } catch (JsonProcessingException e) {
            return Optional.of("it is no JSON object");
        }
    }

    /** A version, the number of entries, and so many entries. One that is empty was never written. */
    private static Optional<String> checkpoint(List<String> lines) {
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        boolean sound = lines.size() >= 2
                && NUMBER.matcher(lines.get(0)).matches()
                && NUMBER.matcher(lines.get(1)).matches()
                && lines.get(1).equals(Integer.toString(lines.size() - 2));
        return sound ? Optional.empty() : Optional.of("it is no checkpoint");
    }
}
