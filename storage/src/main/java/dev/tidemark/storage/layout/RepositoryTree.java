package dev.tidemark.storage.layout;

import dev.tidemark.schemas.Problem;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Finds the repositories: every directory that has one of a repository's own directories in it, at any depth. */
public final class RepositoryTree {

    private final Storage storage;
    private final Consumer<Problem> problems;
    private final List<String> files = new ArrayList<>();
    private String hidden;

    /**
     * @param problems told of what is no repository and no way to one
     */
    public RepositoryTree(Storage storage, Consumer<Problem> problems) {
        this.storage = storage;
        this.problems = problems;
    }

    /** Walks the tree, level by level; hands out each repository's name, valid or not. */
    public void walk(Consumer<String> repository) {
        List<String> level = List.of(Layout.REPOSITORIES);
        while (!level.isEmpty()) {
            List<List<Storage.Child>> children = Parallel.map(level, storage.parallelism(), storage::children);
            List<String> next = new ArrayList<>();
            for (int i = 0; i < level.size(); i++) {
                look(level.get(i), children.get(i), repository, next);
            }
            level = next;
        }
    }

    /**
     * Why blobs may be referenced from where this walk could not look: a symbolic link out of the root, or a directory
     * without a name that can be said, that may have repositories in it. Null if there is none.
     */
    public String hidden() {
        return hidden;
    }

    /** The paths of files that lie between repositories, where no registry has any. */
    public List<String> files() {
        return files;
    }

    private void look(String directory, List<Storage.Child> children, Consumer<String> repository, List<String> next) {
        boolean top = directory.equals(Layout.REPOSITORIES);
        if (!top && children.stream().anyMatch(child -> Layout.OWN.contains(child.name()))) {
            found(directory, repository);
        }
        for (Storage.Child child : children) {
            String path = directory + "/" + child.name();
            if (!top && Layout.OWN.contains(child.name())) {
                continue;
            }
            switch (child.type()) {
                case DIRECTORY -> next.add(path);
                case LINK_IN_REGISTRY ->
                    problems.accept(new Problem(
                            Problem.Kind.SYMBOLIC_LINK, path, "it leads to what is collected under its own name"));
                case LINK_OUT_OF_ROOT -> leadsOut(path);
                case NAMELESS -> {
                    hidden = path + " has a name that is no text, and repositories in it may name any blob";
                    problems.accept(new Problem(
                            Problem.Kind.INVALID_NAME,
                            path,
                            "its name is no text in this locale, and what is in it may be repositories: no "
                                    + "blob is collected"));
                }
                case FILE, OTHER -> {
                    problems.accept(new Problem(Problem.Kind.STRAY, path, "it is no directory"));
                    if (child.type() == Storage.Type.FILE) {
                        files.add(path);
                    }
                }
            }
        }
    }

    /** In a bucket a name may be empty, as a slash too many makes it. */
    private void found(String directory, Consumer<String> repository) {
        String name = directory.substring(Layout.REPOSITORIES.length() + 1);
        if (name.isEmpty()) {
            hidden = directory + " has manifests or layer links, and no name: they may name any blob";
            problems.accept(
                    new Problem(Problem.Kind.INVALID_NAME, directory, "no registry serves it: no blob is collected"));
        } else {
            repository.accept(name);
        }
    }

    private void leadsOut(String path) {
        if (storage.mayHoldRepositories(path)) {
            hidden = path + " is a symbolic link out of the root, and repositories behind it may name any blob";
            problems.accept(new Problem(
                    Problem.Kind.SYMBOLIC_LINK,
                    path,
                    "it leads out of the root, to what may be repositories: no blob is collected"));
        } else {
            problems.accept(new Problem(
                    Problem.Kind.SYMBOLIC_LINK,
                    path,
                    "it leads out of the root, to nothing that could be a repository"));
        }
    }
}
