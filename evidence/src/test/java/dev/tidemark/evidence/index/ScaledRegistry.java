package dev.tidemark.evidence.index;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.Totals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A large registry by a formula: a tenth of its manifests are untagged, with layers of their own. */
final class ScaledRegistry {

    static final int REFERENCES = 8;
    static final int HELD = 85;
    static final long SIZE = 1_000;
    final int manifests;
    final int shared;

    ScaledRegistry(int manifests) {
        this.manifests = manifests;
        shared = (int) (manifests * 4.1);
    }

    boolean dead(int manifest) {
        return manifest % 10 == 9;
    }

    static String repository(int manifest) {
        return "team" + manifest / HELD % 40 + "/app" + manifest / HELD;
    }

    static Digest digest(String seed) {
        return Digest.Algorithm.SHA256.of(seed.getBytes(StandardCharsets.UTF_8));
    }

    Digest layer(int manifest, int k) {
        return dead(manifest)
                ? digest("own" + manifest + "." + k)
                : digest("layer" + ((long) (manifest - manifest / 10) * REFERENCES + k) % shared);
    }

    List<Digest> layers(int manifest) {
        List<Digest> layers = new ArrayList<>(REFERENCES);
        for (int k = 0; k < REFERENCES; k++) {
            layers.add(layer(manifest, k));
        }
        return layers;
    }

    interface Repositories {

        /** @param end the manifest after its last */
        void repository(String name, int first, int end);
    }

    void eachRepository(Repositories each) {
        for (int first = 0; first < manifests; first += HELD) {
            each.repository(repository(first), first, Math.min(manifests, first + HELD));
        }
    }

    interface Blobs {
        void blob(Digest digest, boolean dead);
    }

    void eachBlob(Blobs each) {
        for (int i = 0; i < shared; i++) {
            each.blob(digest("layer" + i), false);
        }
        for (int m = 0; m < manifests; m++) {
            each.blob(digest("manifest" + m), dead(m));
            for (int k = 0; k < REFERENCES && dead(m); k++) {
                each.blob(layer(m, k), true);
            }
        }
    }

    void eachEligible(RunId run, Consumer<EligibleRecord.Eligible> to) {
        for (int m = 9; m < manifests; m += 10) {
            String repository = repository(m);
            to.accept(new EligibleRecord.Eligible(
                    run,
                    Kind.MANIFEST,
                    digest("manifest" + m),
                    repository,
                    null,
                    0,
                    "no tag names it, and nothing live references it",
                    1,
                    List.of("latest"),
                    run));
            to.accept(new EligibleRecord.Eligible(
                    run,
                    Kind.BLOB,
                    digest("manifest" + m),
                    null,
                    null,
                    SIZE,
                    "nothing live references it",
                    1,
                    null,
                    run));
            for (Digest layer : layers(m)) {
                to.accept(new EligibleRecord.Eligible(
                        run,
                        Kind.LAYER,
                        layer,
                        repository,
                        null,
                        0,
                        "no live manifest of the repository references it",
                        1,
                        null,
                        run));
                to.accept(new EligibleRecord.Eligible(
                        run, Kind.BLOB, layer, null, null, SIZE, "nothing live references it", 1, null, run));
            }
        }
    }

    /** As manifests say them. */
    static Sizes sizes(List<Digest> layers) {
        return Sizes.of(LongStream.generate(() -> SIZE).limit(layers.size()).toArray());
    }

    private static Map<String, Long> largest(Map<String, Long> freed) {
        return freed.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry::getKey))
                .limit(Totals.LISTED)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** What a run decides, by partition. */
    Totals[] totals(Topics topics) {
        Totals[] totals = new Totals[topics.partitions()];
        Arrays.fill(totals, Totals.NONE);
        long[][] counts = new long[6][topics.partitions()];
        eachBlob((digest, dead) -> counts[dead ? 1 : 0][topics.partition(digest)]++);
        for (int m = 0; m < manifests; m++) {
            counts[dead(m) ? 3 : 2][topics.partition(digest("manifest" + m))]++;
            for (Digest layer : layers(m)) {
                counts[dead(m) ? 5 : 4][topics.partition(layer)]++;
            }
        }
        List<Map<String, Long>> freed =
                Stream.generate(HashMap<String, Long>::new).limit(totals.length).collect(Collectors.toList());
        for (int m = 0; m < manifests; m++) {
            if (dead(m)) {
                String repository = repository(m);
                Stream.concat(Stream.of(digest("manifest" + m)), layers(m).stream())
                        .forEach(digest -> freed.get(topics.partition(digest)).merge(repository, SIZE, Long::sum));
            }
        }
        for (int p = 0; p < totals.length; p++) {
            totals[p] = new Totals(
                    new Tally(counts[0][p], counts[0][p] * SIZE),
                    new Tally(counts[1][p], counts[1][p] * SIZE),
                    Map.of(),
                    counts[2][p],
                    counts[3][p],
                    0,
                    counts[4][p],
                    counts[5][p],
                    largest(freed.get(p)),
                    0,
                    List.of(),
                    Totals.Unlinked.NONE,
                    Totals.WrongSizes.NONE);
        }
        return totals;
    }
}
