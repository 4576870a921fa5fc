package dev.tidemark.evidence.index;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Entry;
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
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A small random registry: images that share layers, nested indexes, aliases, subjects, and everything that is not as
 * it should be.
 */
public final class RandomRegistry {

    public static final long CUTOFF = 1_000;

    /** About half of what was left behind is older. */
    public static final long LEFTOVERS = CUTOFF - 250;

    /** Of the leftovers of a repository, the kind of the second. */
    private static final Map<String, Kind> SECOND =
            Map.of("app", Kind.REPOSITORY, "base", Kind.LINK, "team/tools", Kind.DIRECTORY);

    private final Random random;
    private final Map<String, Held<?>> held = new LinkedHashMap<>();

    private RandomRegistry(Random random) {
        this.random = random;
    }

    public static List<Held<?>> of(Random random) {
        var registry = new RandomRegistry(random);
        registry.generate();
        // They have numbers of their own: what a seed makes of the rest stays as it is.
        var uploads = new RandomRegistry(new Random(registry.held.size()));
        uploads.leftovers(List.of("app", "base", "team/tools"));
        return Stream.of(registry, uploads)
                .flatMap(part -> part.held.values().stream())
                .collect(Collectors.toUnmodifiableList());
    }

    private void generate() {
        List<String> repositories = List.of("app", "base", "team/tools").subList(0, 1 + random.nextInt(3));
        List<Digest> below = new ArrayList<>();
        for (int i = 0; i < 4 + random.nextInt(8); i++) {
            below.add(digest("layer" + i));
            blob(digest("layer" + i));
        }
        for (int level = 0; level < 3; level++) {
            List<Digest> manifests = new ArrayList<>();
            for (int i = 0; i < 2 + random.nextInt(3); i++) {
                Digest manifest = digest("manifest" + level + "." + i);
                List<Digest> references = new ArrayList<>();
                for (int r = random.nextInt(4); r > 0; r--) {
                    references.add(
                            chance(10)
                                    ? digest("missing" + random.nextInt(3))
                                    : below.get(random.nextInt(below.size())));
                }
                Digest subject = chance(3) ? digest("manifest" + random.nextInt(3) + "." + random.nextInt(5)) : null;
                for (String repository : repositories) {
                    if (chance(2)) {
                        manifest(repository, manifest, references, subject, level);
                    }
                }
                blob(manifest);
                manifests.add(manifest);
            }
            below.addAll(manifests);
        }
        for (Digest digest : below) {
            for (String repository : repositories) {
                if (chance(3)) {
                    Digest target = chance(6) ? below.get(random.nextInt(below.size())) : null;
                    put(
                            "l" + digest,
                            repository,
                            new Layer(digest, age(), target, chance(25) ? "a link that can't be read" : null));
                }
            }
        }
    }

    private void leftovers(List<String> repositories) {
        for (String repository : repositories) {
            for (int i = random.nextInt(3); i > 0; i--) {
                String path = repository + "/_uploads/" + i;
                Kind kind = i == 1 ? Kind.UPLOAD : SECOND.get(repository);
                put(
                        path,
                        repository,
                        new Leftover(
                                kind,
                                digest(path),
                                kind == Kind.REPOSITORY ? null : "_uploads/" + i,
                                age(),
                                random.nextInt(1000),
                                chance(5) ? "when it was begun can't be read" : null));
            }
        }
    }

    private void manifest(String repository, Digest digest, List<Digest> references, Digest subject, int level) {
        boolean dangling = chance(15);
        int half = references.size() / 2;
        put(
                "m" + digest,
                repository,
                new Manifest(
                        digest,
                        chance(3) ? null : "application/vnd.oci.image.manifest.v1+json",
                        100 + random.nextInt(100),
                        age(),
                        chance(level == 2 ? 2 : 6)
                                ? List.of("tag" + digest.hex().substring(0, 4))
                                : List.of(),
                        List.of(),
                        chance(3) ? List.of("old", "older") : List.of(),
                        dangling ? List.of() : references.subList(half, references.size()),
                        dangling ? Sizes.NONE : sizes(references.subList(half, references.size())),
                        dangling ? List.of() : references.subList(0, half),
                        dangling ? null : subject,
                        chance(25) ? "its media type is not known" : null,
                        null,
                        dangling));
    }

    /** Mostly the right ones. */
    private Sizes sizes(List<Digest> references) {
        return Sizes.of(references.stream()
                .mapToLong(digest -> chance(4) ? Sizes.UNKNOWN : size(digest) + (chance(6) ? 1 : 0))
                .toArray());
    }

    private static long size(Digest digest) {
        return 1L + Math.floorMod(digest.hashCode(), 1000);
    }

    /** One behind a link out of the root has neither size nor time. */
    private void blob(Digest digest) {
        if (chance(20)) {
            put("b" + digest, null, new Blob(digest, 0, 0, "a link out of the root"));
        } else if (!chance(10)) {
            put("b" + digest, null, new Blob(digest, size(digest), age(), chance(30) ? "pinned" : null));
        }
    }

    private void put(String key, String repository, Entry entry) {
        held.put(key + repository, new Held<>(repository, entry));
    }

    private long age() {
        return age(random);
    }

    /** A time around the cutoff, mostly before it. */
    static long age(Random random) {
        return random.nextInt(15) == 0 ? CUTOFF + random.nextInt(2) : CUTOFF - 1 - random.nextInt(500);
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    public static Digest digest(String seed) {
        var algorithm = seed.hashCode() % 5 == 0 ? Digest.Algorithm.SHA512 : Digest.Algorithm.SHA256;
        return algorithm.of(seed.getBytes(StandardCharsets.UTF_8));
    }
}
