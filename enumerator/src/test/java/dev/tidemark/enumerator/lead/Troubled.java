package dev.tidemark.enumerator.lead;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A storage that lets a test step in before each of its calls. It passes on the path that the call is about. */
record Troubled(Storage storage, Consumer<String> before) implements Storage {

    @Override
    public List<Child> children(String directory) {
        before.accept("list " + directory);
        return storage.children(directory);
    }

    @Override
    public void leaves(String directory, String leaf, Consumer<Leaf> to) {
        before.accept("list " + directory);
        storage.leaves(directory, leaf, to);
    }

    @Override
    public Optional<Stat> stat(String path) {
        before.accept("stat " + path);
        return storage.stat(path);
    }

    @Override
    public Tally files(String path) {
        return storage.files(path);
    }

    @Override
    public <T> Optional<T> read(String path, Content<T> content) {
        before.accept("open " + path);
        return storage.read(path, content);
    }

    @Override
    public Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
        throw new AssertionError("an enumerator never deletes");
    }

    @Override
    public boolean link(String path, Digest target) {
        throw new AssertionError("an enumerator never writes");
    }

    @Override
    public void prune(String directory, String notIncluding) {
        throw new AssertionError("an enumerator never deletes");
    }

    @Override
    public boolean mayHoldRepositories(String linkOutOfRoot) {
        return storage.mayHoldRepositories(linkOutOfRoot);
    }

    @Override
    public Calls calls() {
        return storage.calls();
    }

    @Override
    public String description() {
        return storage.description();
    }
}
