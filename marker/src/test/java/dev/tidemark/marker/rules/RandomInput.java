package dev.tidemark.marker.rules;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Entry;
import dev.tidemark.schemas.EnumeratedRecord.Going;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Leftover;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.testkit.Held;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A random registry, as an enumerator would publish it: manifests on levels, each referencing lower ones and blobs,
 * so that there are nested indexes and no cycles; subjects anywhere, with cycles; shared between repositories,
 * repeated, and missing references; everything else that a record can say, now and then.
 */
public final class RandomInput {

    /** The first instant that is young: see {@link #OLD} and {@link #YOUNG}. */
    public static final long CUTOFF = 1_000;

    private static final String INDEX = "application/vnd.oci.image.index.v1+json";
    private static final long[] OLD = {10, CUTOFF - 1};
    private static final long[] YOUNG = {CUTOFF, 2_000};

    private final Random random;
    private final int size;
    private final int repositories;
    private final Map<String, Held<?>> held = new LinkedHashMap<>();

    private RandomInput(Random random, int size) {
        this.random = random;
        this.size = size;
        this.repositories = 1 + random.nextInt(4 * size);
    }

    public static List<Held<?>> of(Random random) {
        return of(random, 1);
    }

    /** A registry so many times as large. */
    public static List<Held<?>> of(Random random, int size) {
        var input = new RandomInput(random, size);
        input.generate();
        return List.copyOf(input.held.values());
    }

    private void generate() {
        List<Digest> blobs = IntStream.range(0, size * (3 + random.nextInt(12)))
                .mapToObj(i -> digest("blob" + i))
                .toList();
        List<List<Digest>> levels = new ArrayList<>(List.of(blobs));
        int depth = 1 + random.nextInt(5);
        for (int level = 1; level <= depth; level++) {
            List<Digest> manifests = new ArrayList<>();
            for (int i = 0; i < size * (1 + random.nextInt(5)); i++) {
                Digest manifest = digest("manifest" + level + "." + i);
                manifests.add(manifest);
                Digest subject = subject(depth);
                List<Digest> references = new ArrayList<>();
                for (int r = random.nextInt(5); r > 0; r--) {
                    List<Digest> below = levels.get(random.nextBoolean() ? level - 1 : random.nextInt(level));
                    references.add(
                            chance(8)
                                    ? digest("missing" + random.nextInt(3))
                                    : below.get(random.nextInt(below.size())));
                }
                for (int holders = chance(10) ? 0 : 1 + random.nextInt(repositories); holders > 0; holders--) {
                    manifest(manifest, references, subject, depth - level);
                }
                blob(manifest);
            }
            levels.add(manifests);
        }
        blobs.forEach(this::blob);
        List<Digest> all = levels.stream().flatMap(List::stream).toList();
        for (Digest digest : all) {
            for (int links = random.nextInt(3); links > 0; links--) {
                layer(digest, all);
            }
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            String id = "left" + i;
            Kind kind = List.of(Kind.UPLOAD, Kind.DIRECTORY, Kind.REPOSITORY, Kind.LINK)
                    .get(random.nextInt(4));
            String repository = kind == Kind.DIRECTORY && random.nextBoolean() ? null : repository();
            put(
                    id,
                    repository,
                    new Leftover(
                            kind,
                            digest(repository + id),
                            kind == Kind.REPOSITORY ? null : id,
                            age(),
                            random.nextInt(9),
                            pin(8)));
        }
    }

    /** From which on what was left behind is not old enough: before the cutoff, after it, or none. */
    public static Long leftovers(Random random) {
        return List.of(Optional.of(OLD[1]), Optional.of(CUTOFF), Optional.of(YOUNG[1] + 1), Optional.<Long>empty())
                .get(random.nextInt(4))
                .orElse(null);
    }

    /** Tags are mostly at the top: what is below lives by its parents. */
    private void manifest(Digest digest, List<Digest> references, Digest subject, int below) {
        String repository = repository();
        boolean dangling = chance(15);
        List<String> tags = chance(2 + 3 * below) ? List.of("tag") : List.of();
        put(
                "m" + digest,
                repository,
                new Manifest(
                        digest,
                        chance(3) ? INDEX : null,
                        1,
                        age(),
                        tags,
                        tags.isEmpty() || chance(2) ? List.of() : List.of(new Going("tag", below)),
                        chance(3) ? List.of("old", "older") : List.of(),
                        dangling ? List.of() : references.subList(0, references.size() / 2),
                        dangling ? Sizes.NONE : sizes(references.subList(0, references.size() / 2)),
                        dangling ? List.of() : references.subList(references.size() / 2, references.size()),
                        dangling ? null : subject,
                        pin(20),
                        chance(4) ? true : null,
                        dangling));
    }

    /** Of a manifest: another one, of whatever level, which may not be there. */
    private Digest subject(int depth) {
        return chance(3) ? digest("manifest" + (1 + random.nextInt(depth)) + "." + random.nextInt(5 * size)) : null;
    }

    /** Mostly the right ones. */
    private Sizes sizes(List<Digest> references) {
        return Sizes.of(references.stream()
                .mapToLong(digest -> chance(4) ? Sizes.UNKNOWN : chance(8) ? random.nextInt(3) : size(digest))
                .toArray());
    }

    private static long size(Digest digest) {
        return Math.floorMod(digest.hashCode(), 1000);
    }

    /** One behind a link out of the root has neither size nor time. */
    private void blob(Digest digest) {
        if (chance(20)) {
            put("b" + digest, null, new Blob(digest, 0, 0, "a link out of the root"));
        } else if (!chance(10)) {
            put("b" + digest, null, new Blob(digest, size(digest), age(), pin(30)));
        }
    }

    private void layer(Digest digest, List<Digest> all) {
        String repository = repository();
        Digest target = chance(6) ? all.get(random.nextInt(all.size())) : null;
        put("l" + digest, repository, new Layer(digest, age(), target, pin(20)));
    }

    private void put(String key, String repository, Entry entry) {
        held.putIfAbsent(key + repository, new Held<>(repository, entry));
    }

    private String repository() {
        return "r" + random.nextInt(repositories);
    }

    private String pin(int oneIn) {
        return chance(oneIn) ? chance(2) ? "pinned" : "held by somebody" : null;
    }

    private long age() {
        return (chance(12) ? YOUNG : OLD)[random.nextInt(2)];
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    public static Digest digest(String seed) {
        var algorithm = seed.hashCode() % 5 == 0 ? Digest.Algorithm.SHA512 : Digest.Algorithm.SHA256;
        return algorithm.of(seed.getBytes(StandardCharsets.UTF_8));
    }
}
