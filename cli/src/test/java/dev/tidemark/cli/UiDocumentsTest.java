package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents that the page of {@code tidemark ui} is tested with are such as the commands print. */
class UiDocumentsTest {

    private static final Path DOCUMENTS = Path.of("../report/src/test/resources/dev/tidemark/report/ui");
    private static final List<String> SCHEMAS = List.of("runs", "show", "trash-list", "undo", "explain", "policy-try");

    static Stream<Path> documents() throws IOException {
        try (Stream<Path> files = Files.list(DOCUMENTS)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void aDocumentIsValid(Path document) throws IOException {
        OutputSchemas.assertValid(schema(document), Files.readString(document));
    }

    @Test
    void thereIsOneOfEachKind() throws IOException {
        assertThat(documents().map(UiDocumentsTest::schema)).containsAll(SCHEMAS);
    }

    /** A document's name begins with that of its schema. */
    private static String schema(Path document) {
        return SCHEMAS.stream()
                .filter(schema -> document.getFileName().toString().startsWith(schema))
                .findFirst()
                .orElseThrow();
    }
}
