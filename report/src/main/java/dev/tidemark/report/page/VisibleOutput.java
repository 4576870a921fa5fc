package dev.tidemark.report.page;

import gg.jte.TemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;

/**
 * Escapes the text that templates put into markup, as the place it is put needs it. Characters that can't be seen, or
 * that turn the direction of text, are shown as such: a name must not look like another.
 */
final class VisibleOutput extends OwaspHtmlTemplateOutput {

    private static final char UNPRINTABLE = '\ufffd';

    VisibleOutput(TemplateOutput html) {
        super(html);
    }

    @Override
    public void writeUserContent(String text) {
        super.writeUserContent(text == null ? null : visible(text));
    }

    private static String visible(String text) {
        return text.codePoints()
                .map(c -> isPrintable(c) ? c : UNPRINTABLE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
