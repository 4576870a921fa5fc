package dev.tidemark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tidemark.schemas.JsonSerde;
import java.util.function.Consumer;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** How a command prints what it has found out. */
final class Output {

  /** For people or for scripts. */
  enum Format {
    text,
    json
  }

  @Option(names = "--format", order = 20, paramLabel = "text|json", defaultValue = "text", description = "how to print it")
  private Format format;

  @Option(names = {"-q", "--quiet"}, order = 21, description = "print nothing but errors", showDefaultValue = Visibility.NEVER)
  private boolean quiet;

  boolean json() {
    return format == Format.json;
  }

  boolean quiet() {
    return quiet;
  }

  boolean showsProgress(Terminal terminal) {
    return terminal.interactive() && !quiet;
  }

  /** Where lines go that say how far something is. */
  Consumer<String> progress(Terminal terminal) {
    return quiet ? text -> { } : terminal::progress;
  }

  static void printJson(Object document, Terminal terminal) {
    try {
      terminal.out().println(JsonSerde.MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(document));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a document is plain data", e);
    }
  }
}
