package dev.tidemark.storage.objects;

import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Storage.Child;
import dev.tidemark.storage.Storage.Leaf;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.Storage.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A directory as one listing of its keys had it. The bucket is asked for all that is not in the listing. */
final class ListedDirectory implements Listing {

    private final Storage storage;
    private final String directory;
    /** By the path below the directory. */
    private final NavigableMap<String, Stat> stats = new TreeMap<>(KeyOrder.BYTES);

    /**
     * @param prefix of the keys of all that is in the directory
     */
    ListedDirectory(Storage storage, String directory, String prefix, List<KeyListing.Object> objects) {
        this.storage = storage;
        this.directory = directory;
        for (KeyListing.Object object : objects) {
            String path = object.key().substring(prefix.length());
            if (!path.isEmpty() && !path.endsWith("/")) {
                stats.put(path, object.stat());
            }
        }
    }

    @Override
    public List<Child> children(String of) {
        if (!within(of)) {
            return storage.children(of);
        }
        List<Child> children = new ArrayList<>();
        each(below(of), (name, type, rest) -> children.add(new Child(name, type)));
        return children;
    }

    @Override
    public void leaves(String of, String leaf, Consumer<Leaf> to) {
        if (!within(of)) {
            storage.leaves(of, leaf, to);
            return;
        }
        String below = below(of);
        each(
                below,
                (name, type, rest) -> to.accept(
                        new Leaf(name, type, type == Type.FILE ? null : stats.get(below + name + "/" + leaf))));
    }

    @Override
    public Optional<Stat> stat(String path) {
        return within(path)
                ? Optional.ofNullable(stats.get(path.substring(directory.length() + 1)))
                : storage.stat(path);
    }

    @Override
    public Tally files(String path) {
        if (!within(path)) {
            return storage.files(path);
        }
        Tally files = Tally.NONE;
        String below = below(path);
        for (var file : stats.tailMap(below, true).entrySet()) {
            if (!file.getKey().startsWith(below)) {
                break;
            }
            files = files.plus(file.getValue().size());
        }
        return path.equals(directory)
                ? files
                : stat(path).map(Stat::size).map(files::plus).orElse(files);
    }

    @Override
    public boolean atHand() {
        return true;
    }

    private interface Named {
        void on(String name, Type type, String rest);
    }

    /** Each name right below, once. */
    private void each(String below, Named to) {
        String name = null;
        for (String path : stats.tailMap(below, true).keySet()) {
            if (!path.startsWith(below)) {
                return;
            }
            String rest = path.substring(below.length());
            int slash = rest.indexOf('/');
            String next = slash < 0 ? rest : rest.substring(0, slash);
            if (!next.equals(name)) {
                to.on(next, slash < 0 ? Type.FILE : Type.DIRECTORY, rest);
                name = next;
            }
        }
    }

    private boolean within(String path) {
        return path.equals(directory) || path.startsWith(directory + "/");
    }

    private String below(String path) {
        return path.equals(directory) ? "" : path.substring(directory.length() + 1) + "/";
    }
}
