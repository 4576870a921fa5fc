package dev.tidemark.storage.objects;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LastSeenTest {

    private final LastSeen seen = new LastSeen();

    @Test
    void aListingOfAnotherChangesNothingForADeletionThatALookHasDecidedOn() {
        seen.looked("link", "1");
        seen.listed("link", "2");
        seen.listed("history", "3");

        assertThat(seen.of("link")).contains("1");
        assertThat(seen.of("history")).contains("3");
    }

    @Test
    void thereIsNothingToDeleteWhereNothingWasAndTheNextDeletionLooksAnew() {
        seen.absent("link");

        assertThat(seen.of("link")).isEmpty();
        assertThat(seen.forgetAbsent("link")).isTrue();
        assertThat(seen.forgetAbsent("link")).isFalse();
    }

    @Test
    void aLookKnowsOfNoEarlierAbsence() {
        seen.absent("link");
        seen.looked("link", "1");

        assertThat(seen.forgetAbsent("link")).isFalse();
        assertThat(seen.of("link")).contains("1");
    }

    @Test
    void theLatestAreKept() {
        for (int i = 0; i <= 1 << 16; i++) {
            seen.looked("key" + i, "1");
        }

        assertThat(seen.of("key0")).isEmpty();
        assertThat(seen.of("key1")).contains("1");
    }
}
