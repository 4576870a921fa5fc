package dev.tidemark.bench.tree;

import dev.tidemark.bench.tree.ManifestText.Part;
import dev.tidemark.bench.tree.Stacks.Use;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Writes one repository: its images, as they were pushed, its tags and their history. */
final class RepositoryWriter {

    private final TreePlan.Repository plan;
    private final Stacks stacks;
    private final TreeWriter writer;
    private final SplittableRandom random;
    private final long seed;
    private final Set<Sha256> linkedLayers = new HashSet<>();
    private int pushes;

    RepositoryWriter(TreePlan.Repository plan, Stacks stacks, TreeWriter writer, long seed) {
        this.plan = plan;
        this.stacks = stacks;
        this.writer = writer;
        this.seed = seed;
        this.random = new SplittableRandom(seed ^ plan.number() * 0x9E3779B97F4A7C15L);
    }

    void write() {
        List<Sha256> tagged = new ArrayList<>();
        for (int i = 0; i < plan.tagged(); i++) {
            Sha256 push = push(true);
            tagged.add(push);
            tag(version(i), push);
        }
        List<String> aliases = new ArrayList<>();
        for (int i = 0; i < plan.aliases() && !tagged.isEmpty(); i++) {
            aliases.add(i == 0 ? "latest" : "stable-" + i);
            tag(aliases.getLast(), tagged.get(i == 0 ? tagged.size() - 1 : random.nextInt(tagged.size())));
        }
        for (int i = 0; i < plan.untagged(); i++) {
            Sha256 push = push(false);
            // Most were pushed to a tag that has moved on since; some only ever had a digest, or their tag was deleted.
            double kind = random.nextDouble();
            if (kind < 0.5 && !aliases.isEmpty()) {
                history(aliases.get(Math.min(random.nextInt(aliases.size()), random.nextInt(aliases.size()))), push);
            } else if (kind < 0.9 && !tagged.isEmpty()) {
                history(version(random.nextInt(tagged.size())), push);
            }
        }
    }

    static String version(int i) {
        return "v" + i / 100 + "." + i / 10 % 10 + "." + i % 10;
    }

    private void tag(String name, Sha256 digest) {
        writer.counts.tags++;
        writer.link(RegistryPaths.currentLink(plan.name(), name), digest);
        history(name, digest);
    }

    private void history(String tag, Sha256 digest) {
        writer.link(RegistryPaths.history(plan.name(), tag, digest), digest);
    }

    private Sha256 push(boolean tagged) {
        ManifestText text = random.nextInt(5) < 3 ? ManifestText.DOCKER : ManifestText.OCI;
        if (random.nextDouble() >= TreePlan.INDEXES) {
            return image(text, tagged ? Use.TAGGED : Use.UNTAGGED).digest();
        }
        Use use = tagged ? Use.CHILD_OF_TAGGED : Use.UNTAGGED;
        Part index = manifest(text.index(List.of(image(text, use), image(text, use))));
        writer.counts.indexes++;
        if (!tagged) {
            writer.counts.untagged(index.digest());
        }
        return index.digest();
    }

    private Part image(ManifestText text, Use use) {
        int number = pushes++;
        Part config = own("config", number, use);
        List<Part> layers = new ArrayList<>();
        for (Part shared : stacks.use(random.nextInt(stacks.number()), use)) {
            layer(shared.digest());
            layers.add(shared);
        }
        for (int i = 0; i < TreePlan.OWN_LAYERS; i++) {
            layers.add(own("layer " + i, number, use));
        }
        Part manifest = manifest(text.image(config, layers));
        if (use == Use.UNTAGGED) {
            writer.counts.untagged(manifest.digest());
        }
        return manifest;
    }

    /** A config or layer of one image alone. */
    private Part own(String kind, int image, Use use) {
        String content = "%s of image %d in %s, %x\n".formatted(kind, image, plan.name(), seed);
        Part part = writer.blob(content.getBytes(StandardCharsets.UTF_8));
        layer(part.digest());
        switch (use) {
            case UNTAGGED -> writer.counts.untagged(part.digest());
            case CHILD_OF_TAGGED -> writer.counts.lostBy28(part.digest());
            case TAGGED -> {}
        }
        return part;
    }

    private void layer(Sha256 digest) {
        if (linkedLayers.add(digest)) {
            writer.counts.layerLinks++;
            writer.link(RegistryPaths.layer(plan.name(), digest), digest);
        }
    }

    private Part manifest(byte[] bytes) {
        writer.counts.manifests++;
        Part manifest = writer.blob(bytes);
        writer.link(RegistryPaths.revision(plan.name(), manifest.digest()), manifest.digest());
        return manifest;
    }
}
