package dev.tidemark.report.page;

import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Markup, told apart from text by its type: text that goes into markup is always escaped, and only what was written in this
 * module's source or resources is markup.
 */
record Html(String markup) {

  static final Html NOTHING = new Html("");

  private static final char UNPRINTABLE = '\ufffd';

  /**
   * Puts the parts in place of each {@code {}}: other markup as it is, everything else escaped.
   *
   * @param template a constant of the source
   */
  static Html of(String template, Object... parts) {
    var markup = new StringBuilder(template.length() + 16 * parts.length);
    int from = 0;
    for (Object part : parts) {
      int at = template.indexOf("{}", from);
      if (at < 0) {
        throw new IllegalArgumentException("more parts than places: " + template);
      }
      markup.append(template, from, at);
      if (part instanceof Html html) {
        markup.append(html.markup);
      } else {
        escape(String.valueOf(part), markup);
      }
      from = at + 2;
    }
    if (template.indexOf("{}", from) >= 0) {
      throw new IllegalArgumentException("more places than parts: " + template);
    }
    return new Html(markup.append(template, from, template.length()).toString());
  }

  static Html all(Collection<Html> parts) {
    return all(parts.stream());
  }

  static Html all(Stream<Html> parts) {
    return new Html(parts.map(Html::markup).collect(Collectors.joining()));
  }

  /** The markup if the condition holds, else nothing. */
  static Html when(boolean condition, String template, Object... parts) {
    return condition ? of(template, parts) : NOTHING;
  }

  /** Good for content and for quoted attributes. What can't be seen, or turns the direction of text, is shown as such. */
  private static void escape(String text, StringBuilder to) {
    text.codePoints().forEach(c -> {
      switch (c) {
        case '&' -> to.append("&amp;");
        case '<' -> to.append("&lt;");
        case '>' -> to.append("&gt;");
        case '"' -> to.append("&quot;");
        case '\'' -> to.append("&#39;");
        default -> to.appendCodePoint(isPrintable(c) ? c : UNPRINTABLE);
      }
    });
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
      default -> true;
    };
  }

  @Override
  public String toString() {
    return markup;
  }
}
