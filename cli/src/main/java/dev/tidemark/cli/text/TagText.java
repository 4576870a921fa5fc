package dev.tidemark.cli.text;

import dev.tidemark.evidence.explain.DigestVerdict;
import dev.tidemark.evidence.explain.TagExplanation;
import dev.tidemark.evidence.explain.TagExplanation.ByPolicy;
import dev.tidemark.evidence.explain.TagExplanation.Bytes;
import dev.tidemark.evidence.explain.TagExplanation.Node;
import dev.tidemark.evidence.explain.TagExplanation.Past;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Units;
import java.util.List;
import java.util.Locale;

/** Prints all that is known of a tag, and the tree under it, for people. */
final class TagText {

    /** More lines than that don't fit a screen with the rest. */
    private static final int LINES = 30;

    private static final int PAST = 5;

    private final TagExplanation tag;
    private final ExplanationText text;
    private int shown;
    private int lines;

    TagText(TagExplanation tag, ExplanationText text) {
        this.tag = tag;
        this.text = text;
    }

    void print() {
        if (tag.verdict() == DigestVerdict.ABSENT) {
            text.gone(why());
        } else {
            text.headline(tag.verdict(), why());
        }
        facts();
        if (tag.tree() != null) {
            tree();
        }
        if (tag.image() != null) {
            text.section("The manifest " + Digest.shortened(tag.image().digest()));
            new DigestText(tag.image(), text).print();
        }
    }

    private String name() {
        return tag.repository() + ":" + tag.tag();
    }

    private String why() {
        return switch (tag.verdict()) {
            case KEPT -> "the tag " + name() + " names " + what(tag.tree()) + " " + tag.digest();
            case DANGLING ->
                "the tag " + name()
                        + (tag.problem() != null
                                ? ": " + tag.problem()
                                : " names " + tag.digest() + ", whose blob is not there");
            case ABSENT ->
                "there is no tag " + name() + " any more"
                        + (tag.goneIn() == null ? "" : ": the run " + tag.goneIn() + " did not find it")
                        + (tag.digest() == null
                                ? ""
                                : "; it was last seen in " + tag.run().run() + ", and named " + tag.digest());
            default -> tag.byPolicy() == null ? names() : fate(tag.byPolicy());
        };
    }

    private String names() {
        return "the tag " + name() + " names " + tag.digest();
    }

    /** Of a tag that the policy lets go. */
    private String fate(ByPolicy word) {
        return switch (tag.verdict()) {
            case ELIGIBLE ->
                "the policy lets the tag " + name() + " go" + (tag.run().dryRun() ? ", in a dry run" : "");
            case DELETED ->
                "the tag " + name() + ", by the " + ExplanationText.by(tag.run()) + ", at "
                        + ExplanationText.second(word.at());
            case RESTORED -> DigestText.restored(tag.run(), "the tag " + name(), word.at(), word.trash());
            case SPARED -> "the policy lets the tag " + name() + " go, and the sweep has left it: " + word.spared();
            case FAILED ->
                "the tag " + name() + " could not be deleted: " + word.spared() + "; the next run tries again";
            default -> names();
        };
    }

    private static String policy(ByPolicy word) {
        String rule = word.rule() == null ? "" : " by " + word.rule();
        String until = word.until() == null ? "" : ", until " + ExplanationText.second(word.until());
        return (word.kept() ? "keeps it" : "lets it go") + rule + ": " + word.why() + until;
    }

    private static String pulled(ByPolicy word) {
        String last = word.pulled() == null ? "never" : "last by " + ExplanationText.second(word.pulled());
        return last + ", of what is known since " + ExplanationText.second(word.pullsSince());
    }

    private static String what(Node node) {
        return node.what().equals("index") ? "the index" : "the manifest";
    }

    private void facts() {
        if (tag.tree() != null) {
            String parts = Units.bytes(tag.own().bytes()) + " own, "
                    + Units.bytes(tag.shared().bytes()) + " shared";
            text.fact("total", blobs(tag.total()) + ": " + parts);
            text.fact(
                    "if it went",
                    tag.own().blobs() == 0 ? "nothing would be freed" : blobs(tag.own()) + ", would be freed");
        }
        text.run(tag.run());
        if (tag.byPolicy() != null) {
            text.fact("policy", policy(tag.byPolicy()));
            if (tag.byPolicy().pullsSince() != null) {
                text.fact("pulled", pulled(tag.byPolicy()));
            }
            if (tag.verdict() == DigestVerdict.DELETED && tag.byPolicy().trash() != null) {
                text.fact("trash", DigestText.trash(tag.byPolicy().trash()));
            }
        }
        if (!tag.alsoTagged().isEmpty()) {
            text.fact("also tagged", first(tag.alsoTagged()));
        }
        if (!tag.past().isEmpty()) {
            text.fact("was before", first(tag.past().stream().map(TagText::past).toList()));
        }
        if (tag.missing() > 0) {
            String are = tag.missing() == 1 ? "is" : "are";
            text.warning(
                    Counted.of(tag.missing(), "blob") + " of it " + are + " not there: it can't be pulled as a whole");
        }
        if (tag.wrongSizes() > 0) {
            String have = tag.wrongSizes() == 1 ? "has" : "have";
            text.warning(Counted.of(tag.wrongSizes(), "blob") + " of it " + have
                    + " another size than its manifest says: it can't be pulled as a whole");
        }
    }

    private static String first(List<String> all) {
        return String.join(", ", all.stream().limit(PAST).toList()) + (all.size() > PAST ? ", …" : "");
    }

    private static String blobs(Bytes bytes) {
        return Counted.of(bytes.blobs(), "blob") + ", " + Units.bytes(bytes.bytes());
    }

    private static String past(Past past) {
        return Digest.shortened(past.digest())
                + (past.verdict() == DigestVerdict.KEPT
                        ? ""
                        : " (" + past.verdict().word() + ")");
    }

    private void tree() {
        text.gap();
        boolean folded = lines(tag.tree()) > LINES;
        long all = folded ? manifests(tag.tree()) : lines(tag.tree());
        print(tag.tree(), 0, folded);
        text.more(all, shown, folded ? "manifest" : "line");
    }

    private static long lines(Node node) {
        return 1 + node.children().stream().mapToLong(TagText::lines).sum();
    }

    private static long manifests(Node node) {
        return manifest(node)
                ? 1 + node.children().stream().mapToLong(TagText::manifests).sum()
                : 0;
    }

    private static boolean manifest(Node node) {
        return List.of("index", "manifest", "referrer").contains(node.what());
    }

    /** Folded, what isn't a manifest is a word at the end of its manifest's line. */
    private void print(Node node, int depth, boolean folded) {
        if (lines >= LINES) {
            return;
        }
        shown++;
        lines += text.node(
                String.format(
                        Locale.ROOT,
                        "%11s  %-7s  %s",
                        node.size() == null ? "no blob" : Units.bytes(node.size()),
                        state(node),
                        "  ".repeat(depth)),
                node.what() + " " + Digest.shortened(node.digest()) + (node.again() ? ", see above" : "")
                        + (node.said() == null
                                ? ""
                                : ", of " + Counted.of(node.size(), "byte") + ", not " + Units.number(node.said()))
                        + (node.sharedWith() == null ? "" : ", with " + with(node.sharedWith()))
                        + (folded ? leaves(node) : ""));
        node.children().stream()
                .filter(child -> !folded || manifest(child))
                .forEach(child -> print(child, depth + 1, folded));
    }

    private static String state(Node node) {
        return node.missing() ? "missing" : node.foreign() ? "foreign" : node.own() ? "own" : "shared";
    }

    /** A digest in it is shortened. */
    private static String with(String keeper) {
        int at = keeper.lastIndexOf('@');
        return at < 0 ? keeper : keeper.substring(0, at + 1) + Digest.shortened(keeper.substring(at + 1));
    }

    private static String leaves(Node node) {
        List<Node> leaves =
                node.children().stream().filter(child -> !manifest(child)).toList();
        if (leaves.isEmpty()) {
            return "";
        }
        long bytes = leaves.stream()
                .filter(leaf -> leaf.size() != null)
                .mapToLong(Node::size)
                .sum();
        long missing = leaves.stream().filter(Node::missing).count();
        long wrong = leaves.stream().filter(leaf -> leaf.said() != null).count();
        return ": " + Counted.of(leaves.size(), "blob") + ", " + Units.bytes(bytes)
                + (missing == 0 ? "" : ", " + missing + " missing")
                + (wrong == 0 ? "" : ", " + wrong + " of another size");
    }
}
