package dev.tidemark.cli.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tidemark.schemas.JsonSerde;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options of a command's output: its format, and whether progress is shown. */
public final class Output {

    /** For people or for scripts. */
    enum Format {
        text,
        json
    }

    private static final Duration LONG = Duration.ofSeconds(5);

    @Option(
            names = "--format",
            order = 20,
            paramLabel = "text|json",
            defaultValue = "text",
            description = "how to print it")
    private Format format;

    @Option(
            names = {"-q", "--quiet"},
            order = 21,
            description = "print nothing but errors",
            showDefaultValue = Visibility.NEVER)
    private boolean quiet;

    public boolean json() {
        return format == Format.json;
    }

    public boolean quiet() {
        return quiet;
    }

    public boolean showsProgress(Terminal terminal) {
        return terminal.interactive() && !quiet;
    }

    /** Where it is said how far something is, and what is waited for. */
    public Consumer<String> progress(Terminal terminal) {
        return showsProgress(terminal) ? terminal::progress : text -> {};
    }

    /** Says how long something has been waited for in vain: on a terminal again and again, elsewhere once. */
    public Consumer<Duration> silence(Terminal terminal, String name) {
        if (quiet) {
            return silent -> {};
        }
        var said = new AtomicBoolean();
        return silent -> {
            String text = name + " does not answer, tried for " + silent.toSeconds() + " s so far";
            if (terminal.interactive()) {
                terminal.progress(text);
            } else if (silent.compareTo(LONG) >= 0 && !said.getAndSet(true)) {
                terminal.error(text);
            }
        };
    }

    /**
     * Prints what a command has found: as JSON, as lines for people, or not at all.
     *
     * @param document plain data
     * @param lines the same in words
     */
    public void print(Object document, Supplier<List<String>> lines, Terminal terminal) {
        if (json()) {
            printJson(document, terminal);
        } else if (!quiet) {
            lines.get().forEach(terminal.out()::println);
        }
    }

    public static void printJson(Object document, Terminal terminal) {
        try {
            terminal.out()
                    .println(JsonSerde.MAPPER
                            .writer()
                            .with(SerializationFeature.INDENT_OUTPUT)
                            .writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a document is plain data", e);
        }
    }
}
