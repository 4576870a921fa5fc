package dev.tidemark.evidence.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.PolicyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import net.jqwik.api.statistics.Statistics;

/**
 * A replay of a run is the run that the real markers make of the same registry with the other policy: all that is
 * eligible, and nothing else.
 */
class ReplayPropertiesTest {

    private static final String TAGS = "SELECT 'tag ' || t.name || ' ' || t.digest || ' ' || t.repository FROM tag t "
            + "WHERE t.going IS NOT NULL";

    private Path directory;

    @BeforeTry
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("replay");
    }

    @AfterTry
    void nothingIsLeftButTheIndex() throws IOException {
        Files.deleteIfExists(directory.resolve(RecordedRun.RUN + ".sqlite"));
        Files.delete(directory);
    }

    @Property(tries = 80)
    void aRunWithItsOwnPolicyIsItself(@ForAll long seed, @ForAll boolean untagged, @ForAll boolean policy) {
        PolicyText own = policy ? RecordedRun.policy(seed) : null;
        try (RunIndex index = RecordedRun.index(directory, RecordedRun.of(seed, untagged, own).topics);
                Replay replay = Replay.recorded(index.connection())) {
            Replayed result = replay.result("own");

            assertThat(eligible(replay.connection())).isEqualTo(eligible(index.connection()));
            assertThat(words(replay.connection())).isEqualTo(words(index.connection()));
            assertThat(result.amounts())
                    .isEqualTo(Replay.itself(index.connection()).amounts());
            assertThat(result.more()).isEqualTo(result.less());
            assertThat(result.caution()).isEmpty();
        }
    }

    /**
     * The records of a run without a policy do not have the subjects of signatures; nor, if it could delete no
     * manifest, what tags have named before.
     */
    @Property(tries = 150)
    void aRunWithAnotherPolicyIsTheRunThatWouldHaveBeenMadeWithIt(
            @ForAll long seed, @ForAll boolean untagged, @ForAll boolean policy, @ForAll boolean other) {
        PolicyText recorded = policy ? RecordedRun.policy(seed) : null;
        PolicyText replayed = other ? RecordedRun.policy(seed + 1) : null;
        Set<String> real;
        try (RunIndex index = RecordedRun.index(directory, RecordedRun.of(seed, untagged, replayed).topics)) {
            real = eligible(index.connection());
        }
        try (RunIndex index = RecordedRun.index(directory, RecordedRun.of(seed, untagged, recorded).topics);
                Replay replay = Replay.of(index.connection(), Optional.ofNullable(replayed))) {
            Set<String> before = eligible(index.connection());
            Set<String> there = eligible(replay.connection());
            Statistics.label("the policy matters")
                    .collect(!real.equals(before))
                    .coverage(cases -> cases.check(true).percentage(share -> share > 20));
            if (replay.caution().isEmpty()) {
                assertThat(there).isEqualTo(real);
            } else {
                Statistics.label("not all is told").collect(there.equals(real) ? "the same" : "more is kept");
                assertThat(real).containsAll(there);
                assertThat(policy).isFalse();
            }
            assertThat(eligible(index.connection()))
                    .as("the run's own index is as it was")
                    .isEqualTo(before);
        }
    }

    /** By names: each index has its own numbers. */
    private static Set<String> eligible(Connection index) {
        Set<String> eligible = new TreeSet<>();
        Sql.each(
                index,
                "SELECT e.kind, d.text, coalesce(p.name, ''), e.tag, e.bytes, e.reason, e.modified FROM eligible e "
                        + "JOIN digest d ON d.id = e.digest LEFT JOIN repository p ON p.id = e.repository",
                row -> eligible.add(String.join(
                        " ",
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7))));
        return eligible;
    }

    /** What the policy says of tags and manifests, and the rule by which each digest is live. */
    private static Set<String> words(Connection index) {
        Set<String> words = new TreeSet<>();
        Sql.each(index, TAGS, row -> words.add(row.getString(1)));
        Sql.each(
                index,
                "SELECT 'manifest ' || digest || ' ' || repository || ' ' || coalesce(pinned, '') || ' ' || let_go "
                        + "FROM manifest",
                row -> words.add(row.getString(1)));
        Sql.each(
                index,
                "SELECT 'tagged ' || repository || ' ' || name || coalesce(' ' || kept || coalesce(policy, '') || "
                        + "coalesce(rule, '') || why || coalesce(until, ''), '') FROM tagged",
                row -> words.add(row.getString(1)));
        Sql.each(index, "SELECT digest || rule || distance FROM live", row -> words.add(row.getString(1)));
        return words;
    }
}
