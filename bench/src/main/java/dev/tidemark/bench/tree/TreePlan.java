package dev.tidemark.bench.tree;

import java.util.ArrayList;
import java.util.List;

/**
 * The plan of a generated registry of some size. A push is an image, or an index with two images; an image is a
 * manifest, a config, four layers of its own and four that it shares.
 *
 * @param stacks how many different sets of shared layers there are
 * @param orphans blobs that nothing references
 */
record TreePlan(List<Repository> repositories, int stacks, int orphans) {

    static final int OWN_LAYERS = 4;
    static final int SHARED_LAYERS = 4;
    static final double INDEXES = 0.12;

    private static final double ORPHANS = 0.05;
    /** The share of the tags that name what another tag names, too: latest, stable. */
    private static final double ALIASES = 0.25;

    private static final int PUSHES_PER_STACK = 35;
    private static final int BLOBS_PER_REPOSITORY = 650;
    private static final double LARGEST = 0.05;

    /**
     * @param tagged pushes that a tag names
     * @param untagged pushes that no tag names any more
     * @param aliases further tags
     */
    record Repository(int number, String name, int tagged, int untagged, int aliases) {}

    static TreePlan of(TreeSize size) {
        int blobsPerImage = 2 + OWN_LAYERS;
        double blobsPerPush = (1 - INDEXES) * blobsPerImage
                + INDEXES * (1 + 2 * blobsPerImage)
                + (double) SHARED_LAYERS / PUSHES_PER_STACK;
        int orphans = (int) (size.blobs() * ORPHANS);
        int pushes = (int) ((size.blobs() - orphans) / blobsPerPush);
        int aliases = (int) (size.tags() * ALIASES);
        int tagged = Math.min(size.tags() - aliases, pushes);
        double[] shares = shares(Math.max(4, size.blobs() / BLOBS_PER_REPOSITORY));
        List<Repository> repositories = new ArrayList<>();
        double before = 0;
        for (int i = 0; i < shares.length; i++) {
            double after = i == shares.length - 1 ? 1 : before + shares[i];
            repositories.add(new Repository(
                    i,
                    name(i),
                    part(tagged, before, after),
                    part(pushes - tagged, before, after),
                    part(aliases, before, after)));
            before = after;
        }
        return new TreePlan(List.copyOf(repositories), Math.max(4, pushes / PUSHES_PER_STACK), orphans);
    }

    /** A few repositories are large and most are small; the first alone is a twentieth. */
    private static double[] shares(int repositories) {
        double[] shares = new double[repositories];
        double sum = 0;
        for (int i = 1; i < repositories; i++) {
            shares[i] = 1.0 / (i + 8);
            sum += shares[i];
        }
        for (int i = 1; i < repositories; i++) {
            shares[i] *= (1 - LARGEST) / sum;
        }
        shares[0] = LARGEST;
        return shares;
    }

    private static int part(int whole, double from, double to) {
        return (int) (Math.round(whole * to) - Math.round(whole * from));
    }

    private static String name(int i) {
        return switch (i % 10) {
            case 0 -> "app-" + i;
            case 1, 2, 3, 4, 5 -> "team-" + i % 37 + "/app-" + i;
            case 6, 7, 8 -> "company/division-" + i % 5 + "/team-" + i % 23 + "/app-" + i;
            // A repository below another one.
            default -> name(i - 4) + "/cache";
        };
    }
}
