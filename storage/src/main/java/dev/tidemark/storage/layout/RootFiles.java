package dev.tidemark.storage.layout;

import dev.tidemark.storage.Storage;
import java.util.Optional;
import java.util.Set;

/**
 * Files in a registry's storage root, beside its layout, which tell that links alone don't say what is in use. They are
 * found whatever names the root: a configuration, a directory or a bucket.
 */
public final class RootFiles {

    /** GitLab's registry writes it when its metadata goes to a database (its {@code registry/storage/locker.go}). */
    public static final String DATABASE_IN_USE = "/docker/registry/lockfiles/database-in-use";

    /** A pull-through cache keeps in it when what it has cached expires (distribution, {@code proxyregistry.go}). */
    public static final String SCHEDULER_STATE = "/scheduler-state.json";

    private static final Set<String> ALL = Set.of(DATABASE_IN_USE, SCHEDULER_STATE);

    private RootFiles() {}

    /** Whether the path is of one of these files: it begins with a slash, and is relative to the storage root. */
    public static boolean are(String path) {
        return ALL.contains(path);
    }

    /**
     * Why the registry can't be collected, and what to do; empty if nothing here says so.
     *
     * @param deleteUntagged whether manifests are to go that no tag names
     */
    public static Optional<String> refusal(Storage storage, boolean deleteUntagged) {
        if (storage.stat(DATABASE_IN_USE).isPresent()) {
            return Optional.of(
                    storage.description() + " is a registry with a metadata database, which alone knows what "
                            + "is in use (" + DATABASE_IN_USE
                            + " is there): let GitLab's own online collection free it. If the "
                            + "database is given up for good, remove that file");
        }
        return deleteUntagged && storage.stat(SCHEDULER_STATE).isPresent()
                ? Optional.of(
                        storage.description() + " is a pull-through cache (" + SCHEDULER_STATE + " is there), and "
                                + "what was pulled by its digest has no tag in it: leave out --delete-untagged and "
                                + "--policy")
                : Optional.empty();
    }
}
