package dev.tidemark.enumerator.pin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.enumerator.pin.Revision.Content;
import dev.tidemark.enumerator.pin.Revision.Link;
import dev.tidemark.schemas.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases from the field of docs/cases.md that decide what is pinned. Each is put into a repository that holds an
 * untagged manifest and a layer link besides.
 */
class FieldCasesTest {

    private static final Path DOCUMENT = Path.of("../docs/cases.md");

    /** The things that may be pinned in the repository of a case. */
    private enum Kept {
        THE_MANIFEST,
        THE_LINK,
        ANOTHER_MANIFEST,
        OTHER_LINKS
    }

    private static final Set<Kept> NOTHING = EnumSet.noneOf(Kept.class);
    private static final Set<Kept> EVERYTHING = EnumSet.allOf(Kept.class);
    private static final Set<Kept> THE_MANIFEST = EnumSet.of(Kept.THE_MANIFEST);
    private static final Set<Kept> THE_LINK = EnumSet.of(Kept.THE_LINK);
    private static final Set<Kept> LINKS = EnumSet.of(Kept.THE_LINK, Kept.OTHER_LINKS);
    private static final Set<Kept> THE_MANIFEST_AND_LINKS =
            EnumSet.of(Kept.THE_MANIFEST, Kept.THE_LINK, Kept.OTHER_LINKS);

    /**
     * A case.
     *
     * @param row of the document, by the beginning of its first cell
     * @param which of the cases that the row speaks of
     * @param kept all that is pinned
     */
    private record Case(String row, String which, TestFacts facts, Set<Kept> kept) {

        @Override
        public String toString() {
            return row + (which.isEmpty() ? "" : ": " + which) + " -> " + kept;
        }
    }

    private static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "a tag whose current link is empty",
                        "it has a history",
                        facts().unreadableTag(TestFacts.IT),
                        THE_MANIFEST),
                new Case("a tag whose current link is empty", "it has none", facts().unreadableTag(), EVERYTHING),
                new Case(
                        "a tag that names a manifest which the repository doesn't hold",
                        "",
                        facts().tag("latest", TestFacts.ABSENT),
                        NOTHING),
                new Case(
                        "a tag that names a manifest linked only as a layer",
                        "",
                        facts().tag("latest", TestFacts.IT),
                        NOTHING),
                new Case(
                        "a manifest that is empty, cut off",
                        "",
                        facts().content(TestFacts.DOUBTFUL),
                        THE_MANIFEST_AND_LINKS),
                new Case("a manifest that may not be read", "", facts().content(TestFacts.FORBIDDEN), EVERYTHING),
                new Case("a revision link whose blob is not there", "", facts().content(TestFacts.MISSING), NOTHING),
                new Case(
                        "a revision link that says another digest",
                        "",
                        facts().link(new Link.Other(TestFacts.ABSENT, TestFacts.UNDERSTOOD)),
                        THE_MANIFEST_AND_LINKS),
                new Case(
                        "a revision link that says another digest",
                        "its blob is not there",
                        facts().content(TestFacts.MISSING).link(new Link.Other(TestFacts.ABSENT, TestFacts.UNDERSTOOD)),
                        THE_MANIFEST_AND_LINKS),
                new Case(
                        "signatures of schema 1 manifests",
                        "",
                        facts().content(new Content.Understood(
                                1, "schema 1", List.of(), Sizes.NONE, List.of(), null, List.of(TestFacts.ABSENT))),
                        NOTHING),
                new Case(
                        "a layer link that says another digest",
                        "",
                        facts().layer(new LayerLink(TestFacts.IT, 1, TestFacts.ABSENT, false)),
                        NOTHING),
                new Case(
                        "an empty or unreadable layer or revision link",
                        "a revision link",
                        facts().link(new Link.Unreadable("it is empty")),
                        NOTHING),
                new Case("a repository name that no registry serves", "", facts().invalidName(), EVERYTHING),
                new Case("a name that is no text", "a tag", facts().unreadableTag(), EVERYTHING),
                new Case("a name that is no text", "an algorithm of revisions", facts().unknownRevisions(), EVERYTHING),
                new Case("an unknown digest algorithm", "of revisions", facts().unknownRevisions(), EVERYTHING),
                new Case("an unknown digest algorithm", "of layer links", facts().unknownLayers(), LINKS),
                new Case(
                        "a symbolic link out of the root",
                        "a layer link behind it",
                        facts().layer(new LayerLink(TestFacts.IT, 0, null, true)),
                        THE_LINK),
                new Case("a symbolic link out of the root", "a revision behind it", facts().outOfRoot(), THE_MANIFEST));
    }

    /**
     * The rows that are decided elsewhere: by readers, which leave alone or fail, by the marker, by the sweeper, or by
     * holds, of which HeldEnumerationTest has more.
     */
    private static final List<String> DECIDED_ELSEWHERE = List.of(
            "a live manifest that names a blob which is not there",
            "a live manifest that names a blob which has another size than it says",
            "a manifest with a `subject`",
            "the same, and the subject is not live",
            "a subject of which only referrers are left",
            "`sha256-<hex>`: the list",
            "`sha256-<hex>.sig`",
            "the same tags, of an image that the repository has held",
            "an attestation in an index",
            "an image that the run has found not live",
            "a layer link whose blob is not there",
            "a layer link that a live manifest needs is not there",
            "a blob of 0 bytes",
            "stray and temporary files",
            "a revision, layer, tag, upload or blob directory that has lost its file",
            "a repository with only",
            "a directory beside `sha256` whose name no digest algorithm can have",
            "a manifest, layer link or blob that is [held]",
            "a held tag that is gone",
            "a hold that can't be read",
            "a directory that may not be listed",
            "a file that may not be deleted",
            "a symbolic link that stays in the root",
            "one of a repository's own directories",
            "an upload that was begun",
            "a younger one",
            "any, with `--leftovers off`",
            "one that a client goes on with",
            "one without `startedat`",
            "one whose `startedat` is no time",
            "`_uploads` behind a symbolic link",
            "in a bucket of S3, a multipart upload",
            "one of these that is younger",
            "a server that does not list them",
            "any of these, or of the following, in a repository",
            "on a file system, a repository in which there is no file at all",
            "one in which a sweep of Tidemark",
            "one that has no tag, manifest, layer link or upload",
            "on a file system, the directory of a revision",
            "such a directory of a revision",
            "somebody pushes to it",
            "directories in a bucket",
            "a tag that names a manifest which is not there",
            "an entry in a tag's history",
            "any of these links, with `--keep-dangling`",
            "such a revision that a manifest of the repository names",
            "what it names is there again",
            "Tidemark's trash");

    private static TestFacts facts() {
        return new TestFacts();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aCasePinsThisAndNothingElse(Case one) {
        RepositoryFacts facts = one.facts().facts();
        Pins pins = Pins.of(facts, List.of(), TestFacts.NO_POLICY, null);
        Set<Kept> kept = EnumSet.noneOf(Kept.class);
        facts.revisions().stream()
                .map(pins::manifest)
                .filter(manifest -> manifest.pinned() != null)
                .forEach(manifest ->
                        kept.add(manifest.digest().equals(TestFacts.IT) ? Kept.THE_MANIFEST : Kept.ANOTHER_MANIFEST));
        facts.layers().stream()
                .map(pins::layer)
                .filter(layer -> layer.pinned() != null)
                .forEach(layer -> kept.add(layer.digest().equals(TestFacts.IT) ? Kept.THE_LINK : Kept.OTHER_LINKS));

        assertThat(kept).isEqualTo(one.kept());
    }

    @Test
    void theDocumentHasTheseCasesAndNoOthers() throws IOException {
        Map<String, String> document = document();
        Set<String> ours = new TreeSet<>(DECIDED_ELSEWHERE);
        cases().map(Case::row).forEach(ours::add);

        assertThat(ours)
                .allSatisfy(row -> assertThat(document.keySet())
                        .filteredOn(found -> found.startsWith(row))
                        .hasSize(1));
        assertThat(document.keySet())
                .allSatisfy(
                        found -> assertThat(ours).filteredOn(found::startsWith).hasSize(1));
    }

    @Test
    void theDocumentSaysWhereEverythingIsKeptAndWhereAllLayerLinksAre() throws IOException {
        document().forEach((found, outcome) -> {
            List<Case> cases =
                    cases().filter(one -> found.startsWith(one.row())).toList();

            assertThat(outcome.contains("verything in the repository"))
                    .as(found)
                    .isEqualTo(cases.stream().anyMatch(one -> one.kept().equals(EVERYTHING)));
            assertThat(outcome.contains("all layer links"))
                    .as(found)
                    .isEqualTo(cases.stream()
                            .anyMatch(one ->
                                    one.kept().containsAll(LINKS) && !one.kept().equals(EVERYTHING)));
        });
    }

    /** The rows of all tables: what is found, and what comes of it. */
    private static Map<String, String> document() throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| found") && !line.startsWith("| ---"))
                .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                .collect(Collectors.toMap(
                        cells -> cells.get(1), cells -> cells.get(2), (one, other) -> one + other, LinkedHashMap::new));
    }
}
