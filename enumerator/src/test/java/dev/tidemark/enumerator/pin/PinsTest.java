package dev.tidemark.enumerator.pin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.enumerator.pin.Revision.Content;
import dev.tidemark.enumerator.pin.Revision.Link;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.schemas.Tally;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The records of a repository's facts. {@link FieldCasesTest} has the pins of each case. */
class PinsTest {

    private static final Link OTHER = new Link.Other(TestFacts.ABSENT, TestFacts.UNDERSTOOD);

    @Test
    void aManifestsRecordSaysWhatItIsAndWhichTagsNameOrNamedIt() {
        var tags = new TagFacts(
                2,
                Map.of(TestFacts.IT, List.of("v1", "latest")),
                Map.of(TestFacts.IT, List.of("v1")),
                List.of(),
                Set.of(),
                false);
        var revision = new Revision(TestFacts.IT, 5, false, new Link.Own(), TestFacts.UNDERSTOOD);
        var facts = new RepositoryFacts(
                "app",
                true,
                false,
                tags,
                List.of(revision),
                false,
                List.of(),
                List.of(),
                Map.of(),
                Tally.NONE,
                Tally.NONE);

        assertThat(Pins.of(facts, List.of(), TestFacts.NO_POLICY, null).manifest(revision))
                .isEqualTo(new Manifest(
                        TestFacts.IT,
                        "image",
                        7,
                        5,
                        List.of("v1", "latest"),
                        List.of(),
                        List.of("v1"),
                        digests("config", "layer"),
                        Sizes.of(11, Sizes.UNKNOWN),
                        digests("foreign"),
                        TestFacts.SUBJECT,
                        null,
                        null,
                        false));
    }

    @Test
    void aLayerLinksRecordSaysWhatItNames() {
        Pins pins = Pins.of(new TestFacts().facts(), List.of(), TestFacts.NO_POLICY, null);

        assertThat(pins.layer(new LayerLink(TestFacts.IT, 5, TestFacts.ABSENT, false)))
                .isEqualTo(new Layer(TestFacts.IT, 5, TestFacts.ABSENT, null));
    }

    @Test
    void aBlobIsPinnedBehindASymbolicLinkOrWhereAnythingMayNameIt() {
        var blob = new StoredBlob(TestFacts.IT, 5, 6, false);

        assertThat(Pins.blobs(null, List.of()).apply(blob)).isEqualTo(new Blob(TestFacts.IT, 5, 6, null));
        assertThat(Pins.blobs("it may be named", List.of()).apply(blob))
                .isEqualTo(new Blob(TestFacts.IT, 5, 6, "it may be named"));
        assertThat(Pins.blobs(null, List.of()).apply(new StoredBlob(TestFacts.IT, 0, 0, true)))
                .isEqualTo(new Blob(TestFacts.IT, 0, 0, "a symbolic link out of the root"));
    }

    @Test
    void aManifestThatIsNotUnderstoodKeepsAllThatItNames() {
        assertThat(it(new TestFacts().content(TestFacts.DOUBTFUL)))
                .returns("it is no JSON", Manifest::pinned)
                .returns(8L, Manifest::size)
                .returns("odd", Manifest::mediaType)
                .returns(List.of(), Manifest::references)
                .returns(digests("named"), Manifest::optionalReferences);
    }

    @Test
    void aRevisionLinkKeepsTheManifestThatItNamesAndAllThatThatNames() {
        assertThat(it(new TestFacts().link(OTHER)))
                .returns("its revision link names " + TestFacts.ABSENT, Manifest::pinned)
                .returns(digests("config", "layer"), Manifest::references)
                .returns(digests("absent", "config", "layer", "foreign"), Manifest::optionalReferences);
        assertThat(it(new TestFacts().link(new Link.Other(TestFacts.ABSENT, TestFacts.DOUBTFUL)))
                        .optionalReferences())
                .isEqualTo(digests("absent", "named", "foreign"));
        assertThat(it(new TestFacts().link(new Link.Other(TestFacts.ABSENT, TestFacts.MISSING)))
                        .optionalReferences())
                .isEqualTo(digests("absent", "foreign"));
    }

    @Test
    void aRevisionLinkThatNamesAManifestWhichMayNotBeReadKeepsEverything() {
        TestFacts facts = new TestFacts().link(new Link.Other(TestFacts.ABSENT, TestFacts.FORBIDDEN));

        assertThat(reasons(facts)).contains("in a repository with a manifest that may not be read");
        assertThat(it(facts).pinned()).startsWith("its revision link names");
    }

    @Test
    void signaturesAreKeptWithTheirManifest() {
        assertThat(it(new TestFacts()
                        .content(new Content.Understood(
                                1, "schema 1", digests("a"), Sizes.NONE, digests("b"), null, digests("c")))))
                .returns(digests("a"), Manifest::references)
                .returns(digests("b", "c"), Manifest::optionalReferences);
    }

    @Test
    void aManifestThatIsNotThereIsPinnedByNothingBesideIt() {
        assertThat(it(new TestFacts().content(TestFacts.MISSING).invalidName()))
                .returns(null, Manifest::pinned)
                .returns(true, Manifest::dangling)
                .returns(0L, Manifest::size);
        assertThat(it(new TestFacts().content(TestFacts.MISSING).unreadableTag(TestFacts.IT)))
                .returns("a tag or link that can't be read may name it", Manifest::pinned)
                .returns(true, Manifest::dangling);
    }

    @Test
    void aManifestThatIsNotThereIsNotDanglingIfItsLinkNamesAnother() {
        assertThat(it(new TestFacts().content(TestFacts.MISSING).link(OTHER)).dangling())
                .isFalse();
    }

    @Test
    void aManifestsOwnReasonIsSaidBeforeThatOfItsRepository() {
        assertThat(it(new TestFacts().invalidName().content(TestFacts.DOUBTFUL).link(OTHER))
                        .pinned())
                .isEqualTo("it is no JSON");
        assertThat(it(new TestFacts().invalidName().content(TestFacts.FORBIDDEN).link(OTHER))
                        .pinned())
                .isEqualTo("it may not be read");
        assertThat(it(new TestFacts().invalidName().unreadableTag(TestFacts.IT).link(OTHER))
                        .pinned())
                .startsWith("its revision link names");
        assertThat(it(new TestFacts().invalidName()).pinned()).isEqualTo("in a repository whose name is not valid");
    }

    @Test
    void ofSeveralReasonsToKeepEverythingOneIsSaid() {
        TestFacts facts = new TestFacts();
        assertThat(reasons(facts.unknownLayers()))
                .containsExactly("in a repository with layer links of an unknown algorithm");
        assertThat(reasons(facts.invalidName())).containsExactly("in a repository whose name is not valid");
        assertThat(reasons(facts.unknownRevisions()))
                .containsExactly("in a repository with revisions of an unknown algorithm");
        assertThat(reasons(facts.unreadableTag())).containsExactly("in a repository with a tag that can't be read");
        assertThat(reasons(facts.content(TestFacts.FORBIDDEN)))
                .containsExactly("in a repository with a manifest that may not be read");
    }

    @Test
    void ofSeveralManifestsThatKeepLayerLinksTheLastIsSaid() {
        var misdirected = new Revision(TestFacts.digest("more"), 1, false, OTHER, TestFacts.UNDERSTOOD);

        assertThat(reasons(new TestFacts().content(TestFacts.DOUBTFUL).link(OTHER)))
                .containsExactly("in a repository with a manifest that can't be understood");
        assertThat(reasons(new TestFacts().content(TestFacts.DOUBTFUL).and(misdirected)))
                .containsExactly("in a repository with a revision link that names another digest");
    }

    /** It may come back, and nobody can tell what it needs. */
    @Test
    void besideAManifestThatIsNotThereEverythingIsKeptIfTheRunKeepsTheLinksToIt() {
        RepositoryFacts facts = new TestFacts().content(TestFacts.MISSING).facts();
        Pins pins = Pins.of(facts, List.of(), TestFacts.NO_POLICY, "the run keeps it");

        assertThat(facts.layers())
                .extracting(link -> pins.layer(link).pinned())
                .containsOnly("in a repository with a manifest that is not there: the run keeps it");
        assertThat(pins.manifest(facts.revisions().getLast()).pinned()).endsWith(": the run keeps it");
        assertThat(reasons(new TestFacts().content(TestFacts.MISSING))).containsOnlyNulls();

        RepositoryFacts whole = new TestFacts().facts();
        assertThat(Pins.of(whole, List.of(), TestFacts.NO_POLICY, "the run keeps it")
                        .layer(whole.layers().getFirst())
                        .pinned())
                .isNull();
    }

    private static Manifest it(TestFacts test) {
        RepositoryFacts facts = test.facts();
        return Pins.of(facts, List.of(), TestFacts.NO_POLICY, null)
                .manifest(facts.revisions().getFirst());
    }

    /** Why the layer links are kept. */
    private static Set<String> reasons(TestFacts test) {
        RepositoryFacts facts = test.facts();
        Pins pins = Pins.of(facts, List.of(), TestFacts.NO_POLICY, null);
        return facts.layers().stream().map(pins::layer).map(Layer::pinned).collect(java.util.stream.Collectors.toSet());
    }

    /** Digests in their order, as records have the optional ones. */
    private static List<Digest> digests(String... texts) {
        return Stream.of(texts).map(TestFacts::digest).sorted().toList();
    }
}
