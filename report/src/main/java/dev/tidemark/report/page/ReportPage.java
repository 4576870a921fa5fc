package dev.tidemark.report.page;

import dev.tidemark.report.data.ReportData;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes a report as one HTML file, which needs no network, and whose policy allows it none. Everything can be read
 * without its script, which makes the table searchable. The markup is in {@code src/main/jte}: the build makes classes
 * of this package of it.
 */
public final class ReportPage {

    static final TemplateEngine TEMPLATES = TemplateEngine.createPrecompiled(
            null, ContentType.Html, ReportPage.class.getClassLoader(), ReportPage.class.getPackageName());

    private ReportPage() {}

    /** The page of a report. */
    public static String of(ReportData data) {
        var html = new StringOutput();
        var map = RepositoryTiles.of(data.map(), data.effect().tense());
        TEMPLATES.render(
                "report.jte",
                new Page(data, map, resource("report.css"), resource("report.js")),
                new VisibleOutput(html));
        return html.toString();
    }

    static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
