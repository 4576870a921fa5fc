package dev.tidemark.cli.text;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.evidence.audit.Audit;
import dev.tidemark.evidence.audit.Finding;
import dev.tidemark.schemas.JsonSerde;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * An audit for scripts: one document with every exception. There can be more than fit in memory, so it is written as it
 * is read.
 */
public final class AuditJson {

    private final JsonGenerator json;

    private AuditJson(JsonGenerator json) {
        this.json = json;
    }

    public static void print(Audit audit, Terminal terminal) {
        try (JsonGenerator generator = JsonSerde.MAPPER.createGenerator(terminal.out())) {
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            generator.useDefaultPrettyPrinter();
            new AuditJson(generator).write(audit);
        } catch (IOException e) {
            throw new UncheckedIOException("the audit cannot be printed", e);
        }
        terminal.out().println();
    }

    private void write(Audit audit) throws IOException {
        json.writeStartObject();
        json.writeStringField("run", audit.run().text());
        json.writeStringField("verdict", AuditText.words(audit.verdict()));
        json.writeStringField(
                "state", audit.state().map(run -> run.state().word()).orElse(null));
        json.writeArrayFieldStart("parts");
        for (Audit.Part part : audit.parts()) {
            json.writeStartObject();
            json.writeStringField("what", part.what());
            json.writeStringField("checked", part.checked());
            json.writeStringField("verdict", AuditText.words(part.verdict()));
            json.writeEndObject();
        }
        json.writeEndArray();
        texts("because", audit.gaps());
        texts("notes", audit.notes());
        json.writeNumberField("exceptions", audit.findings());
        json.writeArrayFieldStart("list");
        audit.eachFinding(Long.MAX_VALUE, this::write);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void texts(String name, Iterable<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private void write(Finding finding) {
        try {
            json.writeStartObject();
            json.writeStringField(
                    "kind", finding.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            json.writeStringField("what", finding.what());
            json.writeStringField("topic", finding.topic());
            json.writeNumberField("partition", finding.partition());
            if (finding.offset() >= 0) {
                json.writeNumberField("offset", finding.offset());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("the audit cannot be printed", e);
        }
    }
}
