package dev.tidemark.policy;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.yaml.snakeyaml.Yaml;

/** Documents in YAML, as records. */
final class TestDocuments {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private TestDocuments() {}

    static <T> T read(Path file, Class<T> type) {
        try {
            return MAPPER.convertValue(new Yaml().load(Files.readString(file)), type);
        } catch (IOException e) {
            throw new AssertionError(file + " can't be read", e);
        }
    }
}
