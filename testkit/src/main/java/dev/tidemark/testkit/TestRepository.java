package dev.tidemark.testkit;

import static dev.tidemark.testkit.TestIndex.IMAGE;
import static dev.tidemark.testkit.TestIndex.INDEX;
import static dev.tidemark.testkit.TestIndex.OLD;
import static dev.tidemark.testkit.TestIndex.config;
import static dev.tidemark.testkit.TestIndex.digest;
import static dev.tidemark.testkit.TestIndex.layer;

import dev.tidemark.testkit.TestRegistry.Blob;
import dev.tidemark.testkit.TestRegistry.Link;
import dev.tidemark.testkit.TestRegistry.Manifest;
import dev.tidemark.testkit.TestRegistry.Tag;
import dev.tidemark.testkit.TestRegistry.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A repository of a {@link TestIndex}: as pushes fill it, or as no push ever does. */
public final class TestRepository {

    private final TestIndex index;
    private final TestRegistry registry;
    private final String name;

    TestRepository(TestIndex index, TestRegistry registry, String name) {
        this.index = index;
        this.registry = registry;
        this.name = name;
    }

    /** An image with a config of its own, and layers by their names: one of its own if none is named. */
    public String image(String seed, String... layers) {
        return image(OLD, seed, layers);
    }

    public String image(long modified, String seed, String... layers) {
        var references = new ArrayList<>(List.of(config(seed)));
        Stream.of(layers.length == 0 ? new String[] {seed} : layers)
                .map(TestIndex::layer)
                .forEach(references::add);
        references.forEach(each -> push(each, 100));
        return manifest(modified, digest("image " + seed), IMAGE, null, references, List.of());
    }

    public String index(String seed, String... children) {
        return manifest(OLD, digest("index " + seed), INDEX, null, List.of(children), List.of());
    }

    /** A signature, say: an image with a subject. */
    public String referrer(String seed, String subject) {
        List<String> blob = List.of(layer(seed));
        push(layer(seed), 100);
        return manifest(OLD, digest("referrer " + seed), IMAGE, null, blob, List.of(), subject);
    }

    /** A manifest that may be anything, without a subject. */
    public String manifest(
            long modified,
            String digest,
            String mediaType,
            String pinned,
            List<String> references,
            List<String> optional) {
        return manifest(modified, digest, mediaType, pinned, references, optional, null);
    }

    private String manifest(
            long modified,
            String digest,
            String mediaType,
            String pinned,
            List<String> references,
            List<String> optional,
            String subject) {
        registry.blobs.putIfAbsent(digest, new Blob(10, OLD, null));
        registry.manifests.add(new Manifest(
                name, digest, mediaType, modified, pinned, false, references, optional, subject, new HashMap<>()));
        return digest;
    }

    /** The last manifest says that size of a blob. */
    public TestRepository saying(String blob, long size) {
        registry.manifests.getLast().said().put(blob, size);
        return this;
    }

    public String dangling(String seed) {
        String digest = digest("image " + seed);
        registry.manifests.add(new Manifest(name, digest, null, OLD, null, true, List.of(), List.of(), null, Map.of()));
        return digest;
    }

    /** A blob, linked as a layer. */
    public TestRepository push(String digest, long size) {
        registry.blobs.putIfAbsent(digest, new Blob(size, OLD, null));
        return registry.hasLink(name, digest) ? this : link(digest, OLD, null, null);
    }

    public TestRepository link(String digest, long modified, String target, String pinned) {
        registry.links.add(new Link(name, digest, modified, target, pinned));
        return this;
    }

    public TestRepository tag(String tag, String digest) {
        return tag(tag, digest, null);
    }

    private TestRepository tag(String tag, String digest, Verdict verdict) {
        registry.tags.add(new Tag(name, tag, digest, true, verdict));
        return this;
    }

    /**
     * A tag that a policy keeps.
     *
     * @param rule that does; null if none does
     * @param until null if it is not by its age
     */
    public TestRepository kept(String tag, String digest, String rule, String why, Long until) {
        return tag(tag, digest, new Verdict(true, rule, why, until));
    }

    /** A tag that a policy lets go. */
    public TestRepository going(String tag, String digest, String rule, String why) {
        return tag(tag, digest, new Verdict(false, rule, why, null));
    }

    public TestRepository past(String tag, String digest) {
        registry.tags.add(new Tag(name, tag, digest, false, null));
        return this;
    }

    public TestIndex and() {
        return index;
    }
}
