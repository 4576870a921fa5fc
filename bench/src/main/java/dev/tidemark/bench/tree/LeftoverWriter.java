package dev.tidemark.bench.tree;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * Writes what clients and other collectors leave behind, into a registry that is otherwise whole: a quarter each are
 * uploads, empty directories and repositories, links to manifests that are not there, and layer links without a blob.
 * Every second one is in the largest repository.
 */
final class LeftoverWriter {

    /** As many of each: three of a quarter. */
    private static final int KINDS = 12;

    private static final String BEGUN = "2020-01-01T00:00:00Z";

    private final List<String> repositories;
    private final TreeWriter writer;
    private final long seed;

    /**
     * @param tagged repositories that have tags, the largest one first
     */
    LeftoverWriter(List<TreePlan.Repository> tagged, TreeWriter writer, long seed) {
        repositories = tagged.stream().map(TreePlan.Repository::name).toList();
        this.writer = writer;
        this.seed = seed;
    }

    void write(int number) {
        for (int i = 0; i < number; i++) {
            int round = i / KINDS;
            String repository = repositories.get(round % 2 == 0 ? 0 : round / 2 % repositories.size());
            write(
                    i % KINDS,
                    repository,
                    Sha256.of("lost %d, %x".formatted(i, seed).getBytes(StandardCharsets.UTF_8)));
        }
    }

    private void write(int kind, String repository, Sha256 lost) {
        switch (kind) {
            case 0, 1, 2 -> upload(repository, lost);
            case 3, 4 -> writer.directories(RegistryPaths.revisionDirectory(repository, lost));
            case 5 ->
                writer.directories(
                        RegistryPaths.directory("gone/" + name(lost)),
                        "_uploads",
                        "_layers/sha256",
                        "_manifests/revisions/sha256/" + lost.hex(),
                        "_manifests/tags");
            case 6 -> {
                writer.counts.tags++;
                writer.link(RegistryPaths.currentLink(repository, name(lost)), lost);
                writer.link(RegistryPaths.history(repository, name(lost), lost), lost);
            }
            case 7 -> writer.link(RegistryPaths.history(repository, RepositoryWriter.version(0), lost), lost);
            case 8 -> writer.link(RegistryPaths.revision(repository, lost), lost);
            default -> {
                writer.counts.layerLinks++;
                writer.link(RegistryPaths.layer(repository, lost), lost);
            }
        }
    }

    private void upload(String repository, Sha256 lost) {
        UUID id = UUID.nameUUIDFromBytes(lost.hex().getBytes(StandardCharsets.UTF_8));
        writer.text(RegistryPaths.upload(repository, id, "startedat"), BEGUN);
        writer.text(RegistryPaths.upload(repository, id, "data"), "begun " + lost);
    }

    private static String name(Sha256 lost) {
        return "lost-" + lost.hex().substring(0, 20);
    }
}
