package dev.tidemark.report.ui;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The files of the page, by the path of their address. */
public final class UiFiles {

    private static final Map<String, String> FILES = Map.of("/", "index.html");

    private UiFiles() {}

    /**
     * A file.
     *
     * @param contentType with its charset
     */
    public record UiFile(String contentType, byte[] bytes) {}

    /**
     * The file at a path.
     *
     * @param path of a request, which begins with a slash; {@code /} is the page
     */
    public static Optional<UiFile> file(String path) {
        return Optional.ofNullable(FILES.get(path)).map(UiFiles::read);
    }

    private static UiFile read(String name) {
        try (InputStream file = UiFiles.class.getResourceAsStream(name)) {
            return new UiFile("text/html; charset=utf-8", file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(name + " in the program's own jar cannot be read", e);
        }
    }
}
