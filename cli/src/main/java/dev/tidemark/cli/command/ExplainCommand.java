package dev.tidemark.cli.command;

import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.evidence.EvidenceRuns;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.ExplanationText;
import dev.tidemark.evidence.explain.Explainer;
import dev.tidemark.evidence.explain.Explanation;
import dev.tidemark.evidence.explain.UnknownSubjectException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code tidemark explain}. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = {
            "Says why a digest is kept, or what became of it and who asked for that.",
            "",
            "Of a tag it says what is under it, and how much of that it shares with others.",
            "",
            "The first time, an index of the run is made of its topics. It is kept.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tidemark explain team/app:v1                 the tree under a tag",
            "  tidemark explain sha256:3f1a9c               a digest, or its beginning",
            "  tidemark explain team/app@sha256:3f1a9c      as team/app has it",
            "  tidemark explain team/app:v0                 a tag that is gone: where to",
            "  tidemark explain team/app/_uploads/ID        an upload that was begun",
            "  tidemark explain team/gone                   a repository that was left empty"
        },
        exitCodeList = {
            ExitCode.DONE_HELP,
            ExitCode.FAILED_HELP,
            "2:usage: nobody knows what is asked for, or more than one thing is called so"
        })
public final class ExplainCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    @Parameters(
            paramLabel = "SUBJECT",
            description =
                    "DIGEST, REPO:TAG, REPO@DIGEST or REPO/_uploads/ID; of a digest, 6 digits are enough if no other "
                            + "begins so; REPO alone is REPO:latest, or REPO itself if it is empty")
    private String subject;

    @Option(
            names = "--run",
            order = 1,
            paramLabel = "RUN",
            description = "as that run saw it (default: the latest that knows it)")
    private String run;

    @Mixin
    private Output output;

    @Mixin
    private EvidenceOptions options;

    public ExplainCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    @Override
    public Integer call() {
        try (Evidence evidence = options.open(ofParent, terminal, output);
                var runs = new EvidenceRuns(evidence)) {
            var explainer = new Explainer(runs);
            print(
                    run == null
                            ? explainer.explain(subject)
                            : explainer.explain(subject, evidence.run(run).id()));
            return ExitCode.DONE;
        } catch (UnknownSubjectException e) {
            terminal.error(e.getMessage());
            e.matches().forEach(match -> terminal.err().println("  " + Terminal.clean(match)));
            return ExitCode.USAGE;
        }
    }

    private void print(Explanation explanation) {
        output.print(explanation, () -> ExplanationText.of(explanation, terminal), terminal);
    }
}
