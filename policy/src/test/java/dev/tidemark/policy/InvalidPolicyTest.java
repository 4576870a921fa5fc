package dev.tidemark.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class InvalidPolicyTest {

    @Test
    void allFaultsAreToldWithTheirLines() {
        assertThat(faults("""
                        holds: []
                        policies:
                          - name: a
                            repositories: ["**", "**"]
                            tags:
                              - match: ["v*", "/v(/"]
                                keepAny: { newst: 3 }
                              - match: ["main-*"]
                              - match: ["*"]
                                keepAny: { newest: 0, pushedWithin: soon }
                              - match: ["x"]
                                keep: all
                          - name: a
                            repositories: ["team/*"]
                            otherTags: keep
                        """))
                .containsExactly(
                        "line 1: the file has no key 'holds': did you mean 'hold'?",
                        "line 4: '**' is there twice",
                        "line 6: '/v(/' is no pattern: missing closing ): v(",
                        "line 7: 'keepAny' has no key 'newst': did you mean 'newest'?",
                        "line 8: what does the rule keep? Write keep, keepAny or keepAll",
                        "line 10: 'pushedWithin': 'soon' is no duration: write 24h, 7d, 1h30m, 90s or 0",
                        "line 10: 'newest' is a whole number from 1, and not '0'",
                        "line 11: this never matches: line 9 before it has all of x",
                        "line 13: this never matches: line 3 before it has all of team/*",
                        "line 13: two policies are named 'a'");
    }

    private static List<String> faults(String text) {
        return catchThrowableOfType(InvalidPolicyException.class, () -> Policy.parse(text))
                .faults();
    }
}
