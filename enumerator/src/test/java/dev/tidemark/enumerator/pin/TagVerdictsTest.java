package dev.tidemark.enumerator.pin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.enumerator.pin.Revision.Content;
import dev.tidemark.schemas.EnumeratedRecord.Going;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.TagsRecord.Tag;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The tags that a policy lets go, and the manifests that lose their last one. */
class TagVerdictsTest extends TaggedRepository {

    private static final String NEWEST = """
            policies:
              - name: builds
                repositories: ["app"]
                tags:
                  - match: ["main-*"]
                    keepAny: { newest: 1 }
            """;

    @Test
    void aManifestThatLosesItsLastTagMayGoAndOneThatKeepsOneMayNot() {
        tag("main-1", "old", 30);
        tag("main-2", "shared", 20);
        tag("v1", "shared", 20);
        tag("main-3", "new", 10);

        Pins pins = pins(NEWEST);

        assertThat(going(pins)).containsExactly("main-1", "main-2");
        assertThat(pins.going()).isEqualTo(2);
        assertThat(manifest(pins, "old"))
                .returns(true, Manifest::letGo)
                .returns(List.of(new Going("main-1", ago(30))), Manifest::going)
                .returns(false, Manifest::tagged);
        assertThat(manifest(pins, "shared"))
                .returns(null, Manifest::letGo)
                .returns(List.of(new Going("main-2", ago(20))), Manifest::going)
                .returns(true, Manifest::tagged);
        assertThat(manifest(pins, "new")).returns(null, Manifest::letGo).returns(List.of(), Manifest::going);
    }

    @Test
    void aManifestWithoutATagIsLeftToTheRunsOptionsIfThePolicyDoesNotSay() {
        tag("main-1", "new", 10);
        contents.put("untagged", TestFacts.UNDERSTOOD);

        assertThat(manifest(pins(NEWEST), "untagged"))
                .returns(null, Manifest::letGo)
                .returns(null, Manifest::pinned);
    }

    @Test
    void aManifestWithoutATagStaysOrGoesAsThePolicySays() {
        contents.put("young", TestFacts.UNDERSTOOD);
        pushed.put("young", ago(399));
        contents.put("aged", TestFacts.UNDERSTOOD);
        pushed.put("aged", ago(401));

        Pins pins = pins("""
                policies:
                  - name: builds
                    repositories: ["app"]
                    untagged: { deleteAfter: 400d }
                """);

        assertThat(manifest(pins, "aged").letGo()).isTrue();
        assertThat(manifest(pins, "aged").pinned()).isNull();
        assertThat(manifest(pins, "young").letGo()).isNull();
        assertThat(manifest(pins, "young").pinned()).startsWith("the policy keeps it (builds, line ");
    }

    @Test
    void theImagesOfAnIndexGoWithItAndSoDoesTheSignatureOfOne() {
        Content image = TestFacts.UNDERSTOOD;
        tag("main-1", "index", 30);
        contents.put("index", index(null, "amd64", "shared"));
        contents.put("amd64", image);
        contents.put("signature", index("amd64"));
        tag("main-2", "other index", 20);
        contents.put("other index", index(null, "shared"));
        contents.put("shared", image);
        contents.put("untagged", image);

        Pins pins = pins(NEWEST);

        assertThat(contents.keySet())
                .filteredOn(name -> Boolean.TRUE.equals(manifest(pins, name).letGo()))
                .as("what a live index names is marked all the same")
                .containsExactlyInAnyOrder("index", "amd64", "signature", "shared");
    }

    @Test
    void tagsOfReferrersAndThoseThatNameNothingDoNotStayForARepository() {
        tag("main-1", "old", 30);
        tag("sha256-" + TestFacts.digest("old").hex() + ".sig", "signature", 30);
        tag("v1", "missing", 30);
        contents.put("missing", TestFacts.MISSING);

        Pins pins = pins(NEWEST.replace("newest: 1", "pushedWithin: 1d"));

        assertThat(pins.going()).isEqualTo(1);
        assertThat(pins.staying()).isZero();
    }

    @Test
    void aDigestThatIsHeldAnywhereHoldsTheTagsThatNameIt() {
        tag("main-1", "held", 30);
        tag("main-2", "new", 20);
        holds.add(new Hold(TestFacts.digest("held").toString(), null, null, "alice", 0, null));

        assertThat(going(pins(NEWEST))).isEmpty();
    }

    @Test
    void aHoldWinsAndTakesNoPlaceAmongTheNewest() {
        tag("main-1", "held", 30);
        tag("main-2", "old", 20);
        tag("main-3", "new", 10);
        holds.add(new Hold("app:main-1", null, "audit", "alice", 0, null));

        Pins pins = pins(NEWEST);

        assertThat(going(pins)).containsExactly("main-2");
        assertThat(pins.tags().getFirst().held()).isEqualTo("held by alice: audit");
        assertThat(manifest(pins, "held").letGo()).isNull();
    }

    @Test
    void aTagStaysThatWasPushedJustNowOrNamesWhatCannotBeUnderstoodOrHasNoValidName() {
        tags.add(tag("main-0", "young", NOW));
        contents.put("young", TestFacts.UNDERSTOOD);
        tag("main-1", "missing", 30);
        contents.put("missing", TestFacts.MISSING);
        tag("main-2", "old", 20);
        tag("main-3", "new", 10);
        tags.add(new Tag("main-ÿ", TestFacts.digest("old"), 0, null, List.of(), "its name is not valid", null, null));

        assertThat(going(pins(NEWEST))).containsExactly("main-2");
    }

    @Test
    void everythingStaysInARepositoryThatIsKeptWhole() {
        tag("main-1", "old", 30);
        tag("main-2", "new", 20);
        validName = false;

        Pins pins = pins(NEWEST);

        assertThat(going(pins)).isEmpty();
        assertThat(manifest(pins, "old").letGo()).isNull();
    }

    private static final String PULLED = """
            policies:
              - name: builds
                repositories: ["app"]
                tags:
                  - match: ["*"]
                    keepAny: { pulledWithin: 9d }
            """;

    /** By its name, by its digest, or by an image of its index. */
    @Test
    void aTagStaysWhoseNameOrManifestOrImageOfAnIndexWasPulled() {
        tag("by-name", "a", 30);
        tag("by-digest", "b", 30);
        tag("beside", "b", 30);
        tag("index", "c", 30);
        contents.put("c", index(null, "nested"));
        contents.put("nested", index(null, "image"));
        contents.put("image", TestFacts.UNDERSTOOD);
        tag("unused", "d", 30);
        tag("unused-lately", "e", 30);
        tag("new", "f", 5);
        var pulls = new LastPulls.Builder();
        pulls.add("app:by-name", OptionalLong.of(ago(3)));
        pulls.add("app@" + TestFacts.digest("b"), OptionalLong.of(ago(4)));
        pulls.add("app@" + TestFacts.digest("image"), OptionalLong.of(NOW + 1));
        pulls.add("app:unused-lately", OptionalLong.of(ago(9)));
        pulls.add("other:unused", OptionalLong.of(ago(1)));
        pulls.add("other@" + TestFacts.digest("d"), OptionalLong.of(ago(1)));

        Pins pins = pins(PULLED, pulls.build(ago(20)));

        assertThat(pins.tags())
                .extracting(Tag::name, Tag::pulled, tag -> tag.verdict().why())
                .containsExactly(
                        tuple("beside", ago(4), "pulled 4d ago, kept for 9d"),
                        tuple("by-digest", ago(4), "pulled 4d ago, kept for 9d"),
                        tuple("by-name", ago(3), "pulled 3d ago, kept for 9d"),
                        tuple("index", NOW, "pulled 0s ago, kept for 9d"),
                        tuple("new", null, "not pulled, pushed 5d ago, kept for 9d"),
                        tuple("unused", null, "not pulled, pushed 30d ago, kept for 9d"),
                        tuple("unused-lately", ago(9), "pulled 9d ago, kept for 9d"));
        assertThat(going(pins)).containsExactly("unused", "unused-lately");
        assertThat(going(pins(PULLED, pulls.build(ago(8))))).isEmpty();
        assertThat(going(pins(PULLED))).isEmpty();
    }

    @Test
    void withoutAPolicyNothingIsSaidOfATag() {
        tag("main-1", "old", 30);

        Pins pins = Pins.of(facts(), holds, TestFacts.NO_POLICY, null);

        assertThat(pins.tags()).singleElement().returns(null, Tag::verdict);
        assertThat(manifest(pins, "old").going()).isEmpty();
    }
}
