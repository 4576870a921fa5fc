package dev.tidemark.enumerator.pin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.TagsRecord.Subject;
import dev.tidemark.schemas.TagsRecord.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tags of referrers, which a policy lets go some time after what they refer to. */
class ReferrerTagVerdictsTest extends TaggedRepository {

    private static final String ORPHANS = """
            policies:
              - { name: builds, repositories: ["app"], referrers: { orphanedAfter: 1d } }
            """;

    @Test
    void aTagOfReferrersGoesWithWhatItListsWhenItsSubjectIsGone() {
        tag(signature("gone"), "list", 30);
        contents.put("list", index(null, "one"));
        contents.put("one", TestFacts.UNDERSTOOD);
        subjects.put(TestFacts.digest("gone"), new Subject(ago(2), "it was here"));

        Pins pins = pins(ORPHANS);

        assertThat(going(pins)).containsExactly(signature("gone"));
        assertThat(pins.orphans()).isEqualTo(1);
        assertThat(pins.tags().getFirst().verdict())
                .isEqualTo(new Verdict(
                        false,
                        "builds",
                        "builds, line 2: referrers",
                        "it was here, found gone 2d ago, kept for 24h",
                        null));
        assertThat(manifest(pins, "list").letGo()).isTrue();
        assertThat(manifest(pins, "one").letGo()).isTrue();
    }

    @Test
    void aTagOfReferrersStaysWhoseSubjectIsThereOrHeld() {
        tag(signature("there"), "a", 30);
        tag(signature("held"), "b", 30);
        tag(signature("held anywhere"), "c", 30);
        tag(signature("tagged once"), "d", 30);
        tag(signature("unknown"), "e", 30);
        subjects.put(TestFacts.digest("there"), new Subject(null, "it is here"));
        for (String held : List.of("held", "held anywhere", "tagged once")) {
            subjects.put(TestFacts.digest(held), new Subject(ago(2), "it was here"));
        }
        holds.add(new Hold("app@" + TestFacts.digest("held"), null, null, "alice", 0, null));
        holds.add(new Hold(TestFacts.digest("held anywhere").toString(), null, null, "alice", 0, null));
        holds.add(new Hold("app:v1", TestFacts.digest("tagged once"), null, "alice", 0, null));

        Pins pins = pins(ORPHANS);

        assertThat(going(pins)).isEmpty();
        assertThat(pins.tags())
                .extracting(tag -> tag.verdict().why())
                .containsOnly(
                        "it is here", "what it refers to is held by alice", "it stays with the digest in its name");
    }

    private static String signature(String of) {
        return "sha256-" + TestFacts.digest(of).hex() + ".sig";
    }
}
