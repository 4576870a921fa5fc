package dev.tidemark.bench.tree;

/**
 * The numbers of a generated registry tree. Their file stands beside the tree, and is written last: a tree without it
 * is not complete.
 *
 * @param version of the generator; another one makes another tree
 * @param files everything in the storage: blobs' data and links
 * @param eligible the blobs that a plain collection deletes
 * @param eligibleUntagged those that one with {@code --delete-untagged} deletes
 * @param eligibleUntagged28 the same as registry 2.8 sees it. It does not look into the children of a tagged index,
 *     which no tag names, and deletes their layers
 */
public record TreeFacts(
        int version,
        String size,
        long seed,
        long repositories,
        long blobs,
        long manifests,
        long indexes,
        long tags,
        long layerLinks,
        long files,
        DigestSet eligible,
        DigestSet eligibleUntagged,
        DigestSet eligibleUntagged28) {

    public DigestSet eligible(boolean deleteUntagged) {
        return deleteUntagged ? eligibleUntagged : eligible;
    }
}
