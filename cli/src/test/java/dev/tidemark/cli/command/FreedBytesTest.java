package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.command.FreedBytes.Share;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Digest.Algorithm;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FreedBytesTest {

    private static final Digest INDEX = digest("index");
    private static final Digest IMAGE = digest("image");
    private static final Digest OTHER = digest("other image");
    private static final Digest LAYER = digest("layer");
    private static final Digest SHARED = digest("shared layer");
    private static final Digest SIGNATURE = digest("signature");
    private static final Digest ORPHAN = digest("orphan");
    private static final Digest LIVE = digest("live layer");

    private static final Map<Digest, List<Digest>> LEADS = Map.of(
            INDEX, List.of(IMAGE),
            IMAGE, List.of(LAYER, SHARED, LIVE, SIGNATURE),
            OTHER, List.of(SHARED, LIVE));

    private static Digest digest(String of) {
        return Algorithm.SHA256.of(of.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<Digest, Long> eligible() {
        return Map.of(INDEX, 1L, IMAGE, 10L, OTHER, 20L, LAYER, 100L, SHARED, 1001L, SIGNATURE, 5L, ORPHAN, 7L);
    }

    /** One byte of the shared layer is left over, and goes to the first. */
    @Test
    void aGroupHasWhatItsManifestsLeadToAndAPartOfWhatIsShared() {
        FreedBytes freed = FreedBytes.of(eligible(), LEADS, List.of(Set.of(INDEX), Set.of(OTHER), Set.of()));

        assertThat(freed.shares())
                .containsExactly(new Share(1 + 10 + 100 + 5 + 501, 116), new Share(20 + 500, 20), new Share(0, 0));
        assertThat(freed.rest()).isEqualTo(7);
    }

    /** Another tag keeps the manifest, and so all that it leads to. */
    @Test
    void aTagWhoseManifestStaysFreesNothing() {
        Map<Digest, Long> eligible = new HashMap<>(eligible());
        eligible.keySet().removeAll(Set.of(INDEX, IMAGE, LAYER, SHARED, SIGNATURE));

        FreedBytes freed = FreedBytes.of(eligible, LEADS, List.of(Set.of(INDEX), Set.of(OTHER)));

        assertThat(freed.shares()).containsExactly(new Share(0, 0), new Share(20, 20));
    }

    static Stream<Random> seeds() {
        return IntStream.range(0, 200).mapToObj(Random::new);
    }

    /** Of whatever graph, also with circles, and whatever the groups have in common. */
    @ParameterizedTest
    @MethodSource("seeds")
    void theSumIsThatOfTheRunAndAloneIsWhatIsGoneWithoutTheOthers(Random random) {
        List<Digest> digests =
                IntStream.range(0, 12).mapToObj(i -> digest("blob " + i)).toList();
        Map<Digest, Long> eligible = new HashMap<>();
        Map<Digest, Set<Digest>> leads = new HashMap<>();
        digests.forEach(digest -> {
            if (random.nextInt(4) > 0) {
                eligible.put(digest, random.nextLong(1000));
            }
            leads.put(digest, some(digests, random, 2));
        });
        List<Set<Digest>> groups = IntStream.range(0, 1 + random.nextInt(4))
                .mapToObj(i -> some(digests, random, 3))
                .toList();

        FreedBytes freed = FreedBytes.of(eligible, leads, groups);

        long all = eligible.values().stream().mapToLong(Long::longValue).sum();
        assertThat(freed.shares().stream().mapToLong(Share::freed).sum() + freed.rest())
                .isEqualTo(all);
        for (int i = 0; i < groups.size(); i++) {
            Set<Digest> others = new HashSet<>();
            for (int j = 0; j < groups.size(); j++) {
                others.addAll(j == i ? Set.of() : groups.get(j));
            }
            long withoutIt =
                    all - FreedBytes.of(eligible, leads, List.of(others)).rest();
            long withIt = all - freed.rest();
            assertThat(freed.shares().get(i).alone()).isEqualTo(withIt - withoutIt);
            assertThat(freed.shares().get(i).freed())
                    .isGreaterThanOrEqualTo(freed.shares().get(i).alone());
        }
    }

    private static Set<Digest> some(List<Digest> digests, Random random, int most) {
        Set<Digest> some = new HashSet<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            some.add(digests.get(random.nextInt(digests.size())));
        }
        return some;
    }
}
