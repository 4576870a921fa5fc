package dev.tidemark.cli;

import static java.util.Map.entry;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.tidemark.schemas.JsonSerde;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The JSON Schemas of the documents that commands print: the files of docs/schemas. */
public final class OutputSchemas {

    private static final Path DIRECTORY = Path.of("../docs/schemas");
    private static final String WRITTEN_BY_USERS = "policy.schema.json";
    private static final String ID = "https://tidemark.dev/schemas/output/";

    /** By command, the schema of its document. */
    private static final Map<String, String> COMMANDS = Map.ofEntries(
            entry("collect", "collect"),
            entry("run", "collect"),
            entry("approve", "collect"),
            entry("try", "policy-try"),
            entry("list", "trash-list"),
            entry("empty", "trash-empty"),
            entry("undo", "undo"),
            entry("hold", "hold"),
            entry("runs", "runs"),
            entry("show", "show"),
            entry("explain", "explain"),
            entry("compare", "compare"),
            entry("replay", "replay"),
            entry("audit", "audit"),
            entry("report", "report"));

    private static final Map<String, String> TEXTS = texts();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(TEXTS));

    private OutputSchemas() {}

    private static Map<String, String> texts() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(file -> !file.endsWith(WRITTEN_BY_USERS))
                    .collect(toMap(file -> ID + file.getFileName(), OutputSchemas::text, (a, b) -> a, TreeMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of all files. */
    public static List<String> files() {
        return TEXTS.keySet().stream().map(id -> id.substring(ID.length())).toList();
    }

    /** The schema of that name, as it is written. */
    public static JsonNode read(String name) {
        try {
            return JsonSerde.MAPPER.readTree(TEXTS.get(ID + name + ".schema.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks what a command has printed, if that is a JSON document. */
    static void assertValid(String[] arguments, String out) {
        List<String> words = List.of(arguments);
        if (words.contains("json") && (out.startsWith("{") || out.startsWith("["))) {
            Arrays.stream(arguments)
                    .filter(COMMANDS::containsKey)
                    .findFirst()
                    .ifPresent(command -> assertValid(COMMANDS.get(command), out));
        }
    }

    /** Checks a document against the schema of that name. */
    public static void assertValid(String name, String document) {
        assertValid(SchemaLocation.of(ID + name + ".schema.json"), document);
    }

    /** Checks a record against the schema of its topic. */
    static void assertValidRecord(String topic, String record) {
        assertValid(SchemaLocation.of("classpath:dev/tidemark/schemas/" + topic + ".schema.json"), record);
    }

    private static void assertValid(SchemaLocation schema, String document) {
        assertThat(REGISTRY.getSchema(schema).validate(document, InputFormat.JSON))
                .as(document)
                .isEmpty();
    }
}
