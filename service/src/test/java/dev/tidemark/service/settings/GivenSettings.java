package dev.tidemark.service.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Settings as somebody gives them: in the environment, beside a Kafka that is named there, or in a file. */
abstract class GivenSettings {

    @TempDir
    Path directory;

    static Settings of(String... pairs) {
        Map<String, String> environment = new HashMap<>(Map.of("kafka.bootstrap.servers", "kafka:9092"));
        for (int i = 0; i < pairs.length; i += 2) {
            environment.put(pairs[i], pairs[i + 1]);
        }
        return Settings.read(environment, Optional.empty());
    }

    Path file(String... lines) throws IOException {
        return Files.write(Files.createTempFile(directory, "tidemark", ".properties"), List.of(lines));
    }
}
