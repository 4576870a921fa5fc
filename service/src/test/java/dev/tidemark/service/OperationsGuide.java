package dev.tidemark.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables of docs/operations.md that are made from code. With {@code -Ddocs=write} they are written instead of
 * compared.
 */
public final class OperationsGuide {

    private static final Path FILE = Path.of("../docs/operations.md");

    private OperationsGuide() {}

    /** @param name that the comments around the table have */
    public static void assertThatItHas(String name, String table) throws IOException {
        String guide = Files.readString(FILE);
        Matcher place = Pattern.compile("(?s)(<!-- " + name + ":[^>]*-->\n)(.*?)(\n<!-- end of " + name + " -->)")
                .matcher(guide);
        assertThat(place.find()).as("the comments around the table of " + name).isTrue();
        if (System.getProperty("docs", "").equals("write")) {
            Files.writeString(FILE, guide.substring(0, place.start(2)) + table + guide.substring(place.end(2)));
        } else {
            assertThat(place.group(2))
                    .as("the table of " + name + "; -Ddocs=write writes it, see CONTRIBUTING.md")
                    .isEqualTo(table);
        }
    }
}
