package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.run.TestRuns;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a run's records say of the registry's cache is said to whoever looks at the run. */
class CacheAdviceTest {

    private static final RunId RUN = new RunId("20260101-000000");

    @Test
    void afterASweepARegistryThatRemembersInMemoryIsToBeRestarted() {
        assertThat(CacheAdvice.of(run(DescriptorCache.IN_MEMORY, 1, 1)))
                .hasValueSatisfying(line -> assertThat(line)
                        .startsWith("Restart each replica of the registry now ('docker restart NAME', ")
                        .contains("unless that was done since"));
    }

    @Test
    void beforeASweepItIsSaidWhatFollows() {
        assertThat(CacheAdvice.of(run(DescriptorCache.IN_MEMORY, 1, null)))
                .hasValueSatisfying(line -> assertThat(line).contains("after a sweep it accepts pushes"));
    }

    @Test
    void ofARootDirectoryNobodyKnowsAndThatIsSaid() {
        assertThat(CacheAdvice.of(run(DescriptorCache.UNKNOWN, 1, 1)))
                .hasValueSatisfying(line -> assertThat(line)
                        .startsWith("If the registry's config.yml says")
                        .contains("the trash keeps for 24h", "--keep-trash 0"));
    }

    @ParameterizedTest
    @EnumSource(
            value = DescriptorCache.class,
            names = {"NONE", "REDIS"})
    void nothingIsToBeDoneWhereNoCacheOutlivesASweep(DescriptorCache cache) {
        assertThat(CacheAdvice.of(run(cache, 1, 1))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(DescriptorCache.class)
    void nothingIsToBeDoneWhereNothingIsGoneOrIsToGo(DescriptorCache cache) {
        assertThat(CacheAdvice.of(run(cache, 0, null))).isEmpty();
        assertThat(CacheAdvice.of(run(cache, 0, 0))).isEmpty();
    }

    /** @param swept blobs; null before the sweep */
    private static Run run(DescriptorCache cache, int eligible, Integer swept) {
        var totals = new Totals(
                new Tally(10, 10),
                new Tally(eligible, eligible),
                Map.of(),
                0,
                0,
                0,
                0,
                0,
                Map.of(),
                0,
                List.of(),
                Totals.Unlinked.NONE,
                Totals.WrongSizes.NONE);
        Run decided = TestRuns.of(
                new RunRecord.Requested(RUN, 1, new Options(0, true, false), 100, "test", null, null, null),
                new RunRecord.Enumerated(
                        RUN,
                        "here",
                        1,
                        1,
                        1,
                        1,
                        10 + eligible,
                        10 + eligible,
                        null,
                        null,
                        0,
                        Checksum.NONE,
                        cache,
                        null,
                        null,
                        Fingerprint.NONE,
                        OtherFiles.NONE),
                new RunRecord.Decided(RUN, 0, 1, 2, totals, Checksum.NONE));
        if (swept == null) {
            return decided;
        }
        var sweep = new Sweep(Map.of(Kind.BLOB, new Tally(swept, swept)), 0, Map.of(), Map.of());
        return Run.after(Optional.of(decided), new RunRecord.Swept(RUN, 0, 1, sweep, Checksum.NONE, null, null))
                .orElseThrow();
    }
}
