package dev.tidemark.bench.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.bench.output.BenchException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTreeTest {

    private static final TreeSize SMALL = TreeSize.of("3k");
    private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{64})");
    private static final Pattern BLOB = Pattern.compile("docker/registry/v2/blobs/sha256/(..)/(\\1.{62})/data");
    private static final Pattern REVISION =
            Pattern.compile("docker/registry/v2/repositories/(.+)/_manifests/revisions/sha256/(.{64})/link");
    private static final Pattern CURRENT =
            Pattern.compile("docker/registry/v2/repositories/(.+)/_manifests/tags/[^/]+/current/link");

    @Test
    void sameSeedMakesTheSameTreeWithAnyNumberOfThreads() {
        assertThat(digest(files(RegistryTree.SEED, 1))).isEqualTo(digest(files(RegistryTree.SEED, 4)));
    }

    @Test
    void anotherSeedMakesAnotherTree() {
        assertThat(digest(files(1, 1))).isNotEqualTo(digest(files(2, 1)));
    }

    @Test
    void isAboutAsLargeAsItIsCalled() {
        TreeFacts facts = new RegistryTree(TreeSize.of("10k"), RegistryTree.SEED).write((path, bytes) -> {}, 2);
        assertThat(facts.blobs()).isBetween(9_800L, 10_200L);
        assertThat(facts.tags()).isBetween(990L, 1010L);
        assertThat(facts.layerLinks()).isBetween(facts.blobs() * 9 / 10, facts.blobs() * 14 / 10);
    }

    @Test
    void tagsBeyondTheFirstOfEachRepositoryAreCounted() {
        Map<String, Long> tags = files(RegistryTree.SEED, 2).keySet().stream()
                .map(
                        Pattern.compile("docker/registry/v2/repositories/(.+)/_manifests/tags/(v|s)[^/]+/current/link")
                                ::matcher)
                .filter(Matcher::matches)
                .collect(Collectors.groupingBy(tag -> tag.group(2) + " " + tag.group(1), Collectors.counting()));
        long beyond = tags.entrySet().stream()
                .mapToLong(each -> Math.max(0, each.getValue() - (each.getKey().startsWith("v") ? 10 : 2)))
                .sum();

        assertThat(new RegistryTree(SMALL, RegistryTree.SEED).tagsBeyond(10, 2))
                .isEqualTo(beyond)
                .isGreaterThan(100);
    }

    @Test
    void everyBlobIsStoredUnderItsDigest() {
        files(RegistryTree.SEED, 2).forEach((path, bytes) -> {
            Matcher blob = BLOB.matcher(path);
            if (blob.matches()) {
                assertThat(Sha256.of(bytes).hex()).isEqualTo(blob.group(2));
            } else {
                assertThat(new String(bytes, StandardCharsets.US_ASCII)).matches(DIGEST);
            }
        });
    }

    @Test
    void knowsWhatIsEligible() {
        Map<String, byte[]> files = new ConcurrentSkipListMap<>();
        TreeFacts facts = new RegistryTree(SMALL, RegistryTree.SEED).write(files::put, 2);
        assertThat(eligible(files, REVISION)).isEqualTo(facts.eligible());
        assertThat(eligible(files, CURRENT)).isEqualTo(facts.eligibleUntagged());
    }

    @Test
    void leftoversAreBesideATreeThatIsAsWithout(@TempDir Path directory) throws Exception {
        TreeFacts without =
                TreeOnDisk.in(directory, TreeSize.of("3k"), 2, progress -> {}).facts();
        TreeOnDisk made = TreeOnDisk.in(directory, TreeSize.of("3k").with(1_200), 2, progress -> {});

        assertThat(made.facts().eligible()).isEqualTo(without.eligible());
        assertThat(made.facts().tags()).isEqualTo(without.tags() + 100);
        assertThat(made.facts().layerLinks()).isEqualTo(without.layerLinks() + 300);
        assertThat(made.facts().files())
                .as("two of an upload, and of a tag")
                .isEqualTo(without.files() + 2 * 300 + 2 * 100 + 100 + 100 + 300);
        Path gone = made.root().resolve("docker/registry/v2/repositories/gone");
        try (Stream<Path> left = Files.walk(gone).filter(path -> !path.equals(gone))) {
            assertThat(left)
                    .hasSize(100 * 9)
                    .allMatch(Files::isDirectory)
                    .allMatch(path -> path.toFile().lastModified()
                            < System.currentTimeMillis() - Duration.ofDays(29).toMillis());
        }
    }

    @Test
    void treeOnDiskIsKept(@TempDir Path directory) {
        TreeOnDisk made = TreeOnDisk.in(directory, TreeSize.of("200"), 2, progress -> {});
        TreeOnDisk found = TreeOnDisk.in(directory, TreeSize.of("200"), 2, progress -> {
            throw new AssertionError(progress);
        });
        assertThat(found).isEqualTo(made);
    }

    @Test
    void directoryOfSomebodyElseIsLeftAlone(@TempDir Path directory) throws Exception {
        Files.createDirectory(directory.resolve("200"));
        assertThatThrownBy(() -> TreeOnDisk.in(directory, TreeSize.of("200"), 2, progress -> {}))
                .isInstanceOf(BenchException.class);
    }

    /** By a mark of its own, from the files alone; the roots are what the matching links name. */
    private static DigestSet eligible(Map<String, byte[]> files, Pattern roots) {
        Map<String, byte[]> blobs = new TreeMap<>();
        Set<String> live = new HashSet<>();
        files.forEach((path, bytes) -> {
            Matcher blob = BLOB.matcher(path);
            if (blob.matches()) {
                blobs.put(blob.group(2), bytes);
            }
        });
        files.forEach((path, bytes) -> {
            if (roots.matcher(path).matches()) {
                mark(new String(bytes, StandardCharsets.US_ASCII), blobs, live);
            }
        });
        return blobs.keySet().stream()
                .filter(blob -> !live.contains(blob))
                .map(Sha256::new)
                .collect(Collectors.reducing(DigestSet.EMPTY, DigestSet.EMPTY::plus, DigestSet::plus));
    }

    private static void mark(String text, Map<String, byte[]> blobs, Set<String> live) {
        Matcher digest = DIGEST.matcher(text);
        while (digest.find()) {
            if (live.add(digest.group(1))) {
                mark(new String(blobs.get(digest.group(1)), StandardCharsets.UTF_8), blobs, live);
            }
        }
    }

    private static Map<String, byte[]> files(long seed, int threads) {
        Map<String, byte[]> files = new ConcurrentSkipListMap<>();
        new RegistryTree(SMALL, seed)
                .write(
                        (path, bytes) ->
                                assertThat(files.put(path, bytes)).as(path).isNull(),
                        threads);
        return files;
    }

    private static String digest(Map<String, byte[]> files) {
        StringBuilder all = new StringBuilder();
        files.forEach((path, bytes) ->
                all.append(path).append(' ').append(Arrays.hashCode(bytes)).append('\n'));
        return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8)).hex();
    }
}
