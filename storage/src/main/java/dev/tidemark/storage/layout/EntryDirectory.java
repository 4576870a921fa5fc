package dev.tidemark.storage.layout;

import dev.tidemark.schemas.Digest;
import java.util.List;
import java.util.Optional;

/** The directory that a manifest, a layer link, a tag, an upload or a blob has to itself. */
public final class EntryDirectory {

    private EntryDirectory() {}

    /**
     * Its whole path, built anew of what its path says; empty if a registry has no such directory.
     *
     * @param repository that it is in; null for a blob's
     * @param path below that of the repository
     */
    public static Optional<String> of(String repository, String path) {
        List<String> steps = List.of(path.split("/", -1));
        Optional<String> built = repository == null
                ? blob(steps)
                : Layout.validRepository(repository) ? in(repository, steps) : Optional.empty();
        return built.filter(Layout.leftover(repository, path)::equals);
    }

    private static Optional<String> blob(List<String> steps) {
        return steps.size() == 4 ? digest(steps.get(1), steps.get(3)).map(Layout::blob) : Optional.empty();
    }

    private static Optional<String> in(String repository, List<String> steps) {
        String last = steps.getLast();
        return switch (steps.size()) {
            case 2 -> Optional.of(last).filter(Layout::validUpload).map(id -> Layout.upload(repository, id));
            case 3 ->
                steps.getFirst().equals(Layout.LAYERS)
                        ? digest(steps.get(1), last).map(digest -> Layout.layer(repository, digest))
                        : Optional.of(last).filter(Layout::validTag).map(tag -> Layout.tag(repository, tag));
            case 4 -> digest(steps.get(2), last).map(digest -> Layout.revision(repository, digest));
            default -> Optional.empty();
        };
    }

    private static Optional<Digest> digest(String algorithm, String hex) {
        return Digest.Algorithm.named(algorithm).flatMap(named -> named.ofHex(hex));
    }
}
