package dev.tidemark.storage.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RepositoryTreeTest {

    private final List<Problem> problems = new ArrayList<>();

    @Test
    void repositoriesAreFoundAtAnyDepth() {
        var tree = new RepositoryTree(
                new Keys("app/_manifests/x", "app/below/_layers/x", "team/app/_uploads/x", "team/stray/x"),
                problems::add);

        assertThat(walk(tree)).containsExactlyInAnyOrder("app", "app/below", "team/app");
        assertThat(tree.hidden()).isNull();
    }

    /** As a copy with a slash too many leaves in a bucket. */
    @Test
    @Timeout(300)
    void aNameMayBeEmpty() {
        var tree = new RepositoryTree(
                new Keys("app/_manifests/x", "/app/_manifests/x", "team//app/_layers/x", "//_manifests/x"),
                problems::add);

        assertThat(walk(tree)).containsExactlyInAnyOrder("app", "/app", "team//app", "/");
    }

    @Test
    @Timeout(300)
    void aDirectoryWithoutANameIsNoRepositoryAndMayNameAnyBlob() {
        var tree = new RepositoryTree(new Keys("app/_manifests/x", "/_manifests/x"), problems::add);

        assertThat(walk(tree)).containsExactly("app");
        assertThat(tree.hidden()).contains("repositories/");
        assertThat(problems).singleElement().returns(Problem.Kind.INVALID_NAME, Problem::kind);
    }

    private static List<String> walk(RepositoryTree tree) {
        List<String> found = new ArrayList<>();
        tree.walk(found::add);
        return found;
    }

    /** Keys below {@code repositories/}, as a bucket lists them. */
    private record Keys(String... keys) implements Storage {

        @Override
        public List<Child> children(String directory) {
            String prefix = directory + "/";
            List<Child> children = new ArrayList<>();
            var directories = new TreeSet<String>();
            for (String key : keys) {
                String path = "repositories/" + key;
                if (path.startsWith(prefix)) {
                    int slash = path.indexOf('/', prefix.length());
                    if (slash < 0) {
                        children.add(new Child(path.substring(prefix.length()), Type.FILE));
                    } else {
                        directories.add(path.substring(prefix.length(), slash));
                    }
                }
            }
            directories.forEach(name -> children.add(new Child(name, Type.DIRECTORY)));
            return children;
        }

        @Override
        public void leaves(String directory, String leaf, Consumer<Leaf> to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Stat> stat(String path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Tally files(String path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> Optional<T> read(String path, Content<T> content) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean link(String path, Digest target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void prune(String directory, String notIncluding) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean mayHoldRepositories(String linkOutOfRoot) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Calls calls() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String description() {
            return "keys";
        }
    }
}
