package dev.tidemark.cli.text;

import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.evidence.explain.DigestExplanation;
import dev.tidemark.evidence.explain.DigestVerdict;
import dev.tidemark.evidence.explain.Explanation;
import dev.tidemark.evidence.explain.LeftoverExplanation;
import dev.tidemark.evidence.explain.TagExplanation;
import dev.tidemark.evidence.index.RunFacts;
import dev.tidemark.schemas.text.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An explanation for people: the verdict first, then the facts, then the way or the tree. It fits a screen for ordinary
 * images.
 */
public final class ExplanationText {

    private final Terminal terminal;
    private final WrappedText page;

    private ExplanationText(Terminal terminal) {
        this.terminal = terminal;
        page = new WrappedText(terminal);
    }

    public static List<String> of(Explanation explanation, Terminal terminal) {
        var text = new ExplanationText(terminal);
        switch (explanation) {
            case DigestExplanation digest -> new DigestText(digest, text).print();
            case TagExplanation tag -> new TagText(tag, text).print();
            case LeftoverExplanation left -> new LeftoverText(left, text).print();
        }
        return text.page.lines();
    }

    /** The verdict, and what there is to say of it at once. */
    void headline(DigestVerdict verdict, String why) {
        String word = verdict.word().replace('-', ' ');
        String shown = switch (verdict) {
            case KEPT, ALREADY_GONE, ABSENT, SPARED, RESTORED -> terminal.bold(word);
            case ELIGIBLE, UNDECIDED, DANGLING -> terminal.doubtful(word);
            case DELETED, FAILED, MISSING, UNEXPLAINED -> terminal.bad(word);
        };
        page.line(shown + (why.isEmpty() ? "" : ": " + Terminal.clean(why)));
    }

    /** There is nothing any more that there could be a verdict on. */
    void gone(String why) {
        page.line(terminal.bad("gone") + ": " + Terminal.clean(why));
    }

    void fact(String name, String text) {
        page.line(String.format(Locale.ROOT, "  %-11s ", name), Terminal.clean(text));
    }

    /** A line, in red, that the user should worry about. */
    void warning(String text) {
        page.line("  " + terminal.bad(Terminal.clean(text)));
    }

    void section(String title) {
        page.section(Terminal.clean(title));
    }

    void gap() {
        page.gap();
    }

    void entry(String amount, String text) {
        page.entry(amount, text);
    }

    /** A node of a tree. Returns how many lines it takes. */
    int node(String head, String what) {
        return page.line(head, Terminal.clean(what));
    }

    /** A line of a list that is longer than what is shown of it. */
    void more(long all, long shown, String what) {
        if (all > shown) {
            entry("", "and " + Counted.of(all - shown, "more " + what) + " (--format json lists more)");
        }
    }

    /** The run that it is taken from. */
    void run(RunFacts run) {
        fact("run", run.run() + ", " + words(run));
        if (run.lost() != null) {
            warning("of this run " + run.lost() + ": what is said here may be incomplete");
        }
    }

    private static String words(RunFacts run) {
        var words = new ArrayList<String>();
        words.add(run.dryRun() ? "dry run" : run.state());
        words.add("asked for by " + run.by());
        if (run.approvedBy() != null) {
            words.add("approved by " + run.approvedBy());
        }
        if (run.approves() != null) {
            words.add("on the strength of the dry run " + run.approves());
        }
        words.add(run.deleteUntagged() ? "untagged manifests go" : "untagged manifests stay");
        words.add("what was written since " + second(run.cutoff()) + " stays");
        return String.join(", ", words);
    }

    /** A time to the second: nobody asks for more. */
    static String second(String time) {
        return time.replaceFirst("\\.\\d+Z$", "Z");
    }

    /** The run, with the users who asked for it and approved it. */
    static String by(RunFacts run) {
        return "run " + run.run() + ", asked for by " + run.by()
                + (run.approvedBy() == null ? "" : " and approved by " + run.approvedBy())
                + (run.approves() == null ? "" : " on the strength of the dry run " + run.approves());
    }
}
