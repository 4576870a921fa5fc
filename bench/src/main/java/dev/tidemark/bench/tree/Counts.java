package dev.tidemark.bench.tree;

/** The objects of a registry tree that one worker has written, counted. The counts of all workers are added up. */
final class Counts {

    long blobs;
    long manifests;
    long indexes;
    long tags;
    long layerLinks;
    long files;
    DigestSet eligible = DigestSet.EMPTY;
    DigestSet eligibleUntagged = DigestSet.EMPTY;
    DigestSet eligibleUntagged28 = DigestSet.EMPTY;

    void add(Counts other) {
        blobs += other.blobs;
        manifests += other.manifests;
        indexes += other.indexes;
        tags += other.tags;
        layerLinks += other.layerLinks;
        files += other.files;
        eligible = eligible.plus(other.eligible);
        eligibleUntagged = eligibleUntagged.plus(other.eligibleUntagged);
        eligibleUntagged28 = eligibleUntagged28.plus(other.eligibleUntagged28);
    }

    /** A blob that nothing at all references. */
    void garbage(Sha256 blob) {
        eligible = eligible.plus(blob);
        untagged(blob);
    }

    /** A blob that only untagged images reference. */
    void untagged(Sha256 blob) {
        eligibleUntagged = eligibleUntagged.plus(blob);
        eligibleUntagged28 = eligibleUntagged28.plus(blob);
    }

    /** A blob that only a child of a tagged index references: live, and registry 2.8 deletes it. */
    void lostBy28(Sha256 blob) {
        eligibleUntagged28 = eligibleUntagged28.plus(blob);
    }
}
