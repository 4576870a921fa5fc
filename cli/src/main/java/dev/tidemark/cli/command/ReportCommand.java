package dev.tidemark.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.run.NamedRun;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.evidence.index.TrashInventory;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.kafka.topic.HoldTopic;
import dev.tidemark.report.data.KeptBeside;
import dev.tidemark.report.data.ReportData;
import dev.tidemark.report.data.ReportException;
import dev.tidemark.report.data.ReportQueries;
import dev.tidemark.report.data.ReportRow;
import dev.tidemark.report.page.ReportPage;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.text.Units;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code tidemark report}. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = {
            "Writes what a run found and did as one HTML file, to look at in a browser.",
            "",
            "It has what the registry holds and what was freed, or would be, by repository; what is live, young, "
                    + "spared; how old what is"
                    + " eligible is; shared layers; the time it took; growth over past runs; and a searchable "
                    + "table of deletions. The file"
                    + " needs no network, and can be mailed or printed.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tidemark report                             of the latest run",
            "  tidemark report 20261123-211839 -o run.html",
            "  tidemark report --format json | jq .effect  the figures alone",
            "  tidemark report --list all.jsonl            every deletion, a line each"
        })
public final class ReportCommand implements Callable<Integer> {

    private static final String STANDARD_OUTPUT = "-";

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    @Mixin
    private RunArgument argument;

    @Option(
            names = {"-o", "--output"},
            order = 1,
            paramLabel = "FILE",
            description = "where to write it; - for standard output (default: tidemark-report-RUN.html in the current "
                    + "directory)")
    private String output;

    @Option(
            names = "--list",
            order = 2,
            paramLabel = "FILE",
            description =
                    "write every row of the table as JSON Lines, too: the report itself has some thousand of them")
    private Path list;

    @Mixin
    private Output format;

    @Mixin
    private EvidenceOptions evidence;

    public ReportCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    @Override
    public Integer call() {
        // A file that can't be written is refused before anything is read.
        WholeFile rows = list == null ? null : new WholeFile(list);
        WholeFile document = output == null || output.equals(STANDARD_OUTPUT) ? null : new WholeFile(Path.of(output));
        try (Evidence opened = evidence.open(ofParent, terminal, format)) {
            RunHistory.Entry entry = NamedRun.in(opened.history(), argument.id());
            if (document == null && output == null && !format.json()) {
                document =
                        new WholeFile(Path.of("tidemark-report-" + entry.run().id() + ".html"));
            }
            try (RunIndex index = opened.index(entry.run().id())) {
                var queries = new ReportQueries(
                        index.connection(), entry, opened.history().all(), beside(opened, index), Instant.now());
                write(queries.read(), document);
                if (rows != null) {
                    write(queries, rows);
                }
            }
        } catch (ReportException e) {
            throw new CollectionException(e.getMessage(), e);
        }
        return ExitCode.DONE;
    }

    private static KeptBeside beside(Evidence evidence, RunIndex index) {
        List<TrashInventory.OfRun> trash =
                evidence.read(() -> TrashInventory.read(evidence.cluster(), index.connection()));
        try {
            return new KeptBeside(trash, new HoldTopic(evidence.cluster()).read(), Optional.empty());
        } catch (IllegalStateException e) {
            return new KeptBeside(trash, List.of(), Optional.of(e.getMessage()));
        }
    }

    private void write(ReportData data, WholeFile document) {
        String text = format.json() ? json(data) : ReportPage.of(data);
        if (document == null) {
            terminal.out().print(text);
            terminal.out().flush();
        } else {
            document.write(out -> out.write(text));
            say(document.path() + ": " + Units.bytes(document.size()) + ", of the run "
                    + data.run().id());
        }
    }

    private static String json(ReportData data) {
        try {
            return JsonSerde.MAPPER
                            .writer()
                            .with(SerializationFeature.INDENT_OUTPUT)
                            .writeValueAsString(data) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a document is plain data", e);
        }
    }

    private void write(ReportQueries queries, WholeFile rows) {
        ObjectWriter json = JsonSerde.MAPPER.writerFor(ReportRow.class);
        rows.write(out -> queries.list(row -> {
            try {
                out.write(json.writeValueAsString(row));
                out.write('\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
        say(rows.path() + ": all rows of the table");
    }

    /** Standard output may be the report. */
    private void say(String line) {
        if (!format.quiet()) {
            ((output != null && output.equals(STANDARD_OUTPUT)) || format.json() ? terminal.err() : terminal.out())
                    .println(Terminal.clean(line));
        }
    }
}
