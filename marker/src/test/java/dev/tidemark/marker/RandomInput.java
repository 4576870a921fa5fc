package dev.tidemark.marker;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.RunId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A random registry, as an enumerator would publish it: manifests on levels, each referencing lower ones and blobs, so that
 * there are nested indexes and no cycles; shared between repositories, repeated, and missing references; everything else that
 * a record can say, now and then.
 */
final class RandomInput {

  /** Younger than this is young; see {@link #OLD} and {@link #YOUNG}. */
  static final long CUTOFF = 1_000;

  private static final long OLD = 10;
  private static final long YOUNG = 2_000;

  private final Random random;
  private final RunId run;
  private final int repositories;
  private final Map<String, EnumeratedRecord> records = new LinkedHashMap<>();

  private RandomInput(Random random, RunId run) {
    this.random = random;
    this.run = run;
    this.repositories = 1 + random.nextInt(4);
  }

  static List<EnumeratedRecord> of(Random random, RunId run) {
    var input = new RandomInput(random, run);
    input.generate();
    return List.copyOf(input.records.values());
  }

  private void generate() {
    List<Digest> blobs = IntStream.range(0, 3 + random.nextInt(12)).mapToObj(i -> digest("blob" + i)).toList();
    List<List<Digest>> levels = new ArrayList<>(List.of(blobs));
    for (int level = 1; level <= 1 + random.nextInt(4); level++) {
      List<Digest> manifests = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(5); i++) {
        Digest manifest = digest("manifest" + level + "." + i);
        manifests.add(manifest);
        List<Digest> references = new ArrayList<>();
        for (int r = random.nextInt(5); r > 0; r--) {
          List<Digest> below = levels.get(random.nextInt(levels.size()));
          references.add(chance(8) ? digest("missing" + random.nextInt(3)) : below.get(random.nextInt(below.size())));
        }
        for (int holders = chance(10) ? 0 : 1 + random.nextInt(repositories); holders > 0; holders--) {
          manifest(manifest, references);
        }
        blob(manifest);
      }
      levels.add(manifests);
    }
    blobs.forEach(this::blob);
    levels.stream().flatMap(List::stream).forEach(digest -> {
      for (int links = random.nextInt(3); links > 0; links--) {
        layer(digest);
      }
    });
  }

  private void manifest(Digest digest, List<Digest> references) {
    String repository = repository();
    boolean dangling = chance(15);
    put("m" + repository + digest, new Manifest(
        run, repository, digest, null, 1, age(), chance(3) ? List.of("tag") : List.of(), chance(3) ? List.of("old", "older") : List.of(),
        dangling ? List.of() : references.subList(0, references.size() / 2),
        dangling ? List.of() : references.subList(references.size() / 2, references.size()),
        chance(20) ? "pinned" : null, dangling));
  }

  private void blob(Digest digest) {
    if (!chance(10)) {
      put("b" + digest, new Blob(run, digest, 1 + random.nextInt(1000), age(), chance(30) ? "pinned" : null));
    }
  }

  private void layer(Digest digest) {
    String repository = repository();
    Digest target = chance(6) ? digest("blob" + random.nextInt(5)) : null;
    put("l" + repository + digest, new Layer(run, repository, digest, age(), target, chance(20) ? "pinned" : null));
  }

  private void put(String key, EnumeratedRecord record) {
    records.putIfAbsent(key, record);
  }

  private String repository() {
    return "r" + random.nextInt(repositories);
  }

  private long age() {
    return chance(12) ? YOUNG : OLD;
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  static Digest digest(String seed) {
    var algorithm = seed.hashCode() % 5 == 0 ? Digest.Algorithm.SHA512 : Digest.Algorithm.SHA256;
    return algorithm.of(seed.getBytes(StandardCharsets.UTF_8));
  }
}
