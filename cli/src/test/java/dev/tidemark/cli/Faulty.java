package dev.tidemark.cli;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A storage that does something else first, or afterwards. */
public final class Faulty implements Storage {

    private final Storage storage;
    public volatile Consumer<String> open = path -> {};
    public volatile Consumer<String> delete = path -> {};
    public volatile Consumer<String> deleted = path -> {};

    public Faulty(Storage storage) {
        this.storage = storage;
    }

    @Override
    public List<Child> children(String directory) {
        return storage.children(directory);
    }

    @Override
    public void leaves(String directory, String leaf, Consumer<Leaf> to) {
        storage.leaves(directory, leaf, to);
    }

    @Override
    public Optional<Stat> stat(String path) {
        return storage.stat(path);
    }

    @Override
    public Tally files(String path) {
        return storage.files(path);
    }

    @Override
    public <T> Optional<T> read(String path, Content<T> content) {
        open.accept(path);
        return storage.read(path, content);
    }

    @Override
    public Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
        Map<String, StorageException> failures = new LinkedHashMap<>();
        for (String path : paths) {
            try {
                delete.accept(path);
                storage.deleteAll(List.of(path), allowed).values().forEach(failure -> {
                    throw failure;
                });
                deleted.accept(path);
            } catch (StorageException e) {
                failures.put(path, e);
            }
        }
        return failures;
    }

    @Override
    public boolean link(String path, Digest target) {
        return storage.link(path, target);
    }

    @Override
    public void prune(String directory, String notIncluding) {
        storage.prune(directory, notIncluding);
    }

    @Override
    public Optional<Inside> inside(String directory, Collection<String> names) {
        return storage.inside(directory, names);
    }

    @Override
    public boolean removeEmpty(String directory) {
        return storage.removeEmpty(directory);
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
