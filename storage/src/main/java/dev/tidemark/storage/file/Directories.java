package dev.tidemark.storage.file;

import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Storage.Child;
import dev.tidemark.storage.Storage.Leaf;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.Storage.Type;
import dev.tidemark.storage.StorageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/**
 * Lists the directories of a registry on a filesystem. Symbolic links are followed as long as they stay in the root.
 */
final class Directories {

    /** The character that stands in a name for bytes that are no text. */
    private static final char NO_TEXT = '\ufffd';

    private final FilesystemRoot root;

    Directories(FilesystemRoot root) {
        this.root = root;
    }

    List<Child> children(String directory) {
        List<Child> children = new ArrayList<>();
        Path path = root.resolve(directory);
        listing(path, open -> {
            for (Path entry : open) {
                String name = name(entry);
                children.add(isNameOf(name, entry) ? child(path, name) : new Child(name, nameless(entry)));
            }
        });
        return children;
    }

    int count(String directory, int limit) {
        int[] names = {0};
        listing(
                root.resolve(directory),
                open -> names[0] = (int) StreamSupport.stream(open.spliterator(), false)
                        .limit(limit)
                        .count());
        return names[0];
    }

    void leaves(String directory, String leaf, Consumer<Leaf> to) {
        Path path = root.resolve(directory);
        listing(path, open -> {
            List<String> names = new ArrayList<>();
            List<Path> nameless = new ArrayList<>();
            for (Path entry : open) {
                String name = name(entry);
                if (isNameOf(name, entry)) {
                    names.add(name);
                } else {
                    nameless.add(entry);
                }
            }
            boolean allDirectories = !names.isEmpty() && holdsOnlyDirectories(path, names.size() + nameless.size());
            if (allDirectories && root.realDirectories().contain(path)) {
                root.realDirectories().allIn(path);
            }
            for (String name : names) {
                Type type = allDirectories ? Type.DIRECTORY : child(path, name).type();
                boolean followed = type == Type.DIRECTORY || type == Type.LINK_IN_REGISTRY;
                Stat stat = followed ? statOf(open, path, name, leaf).orElse(null) : null;
                to.accept(new Leaf(name, type, stat));
            }
            nameless.forEach(entry -> to.accept(new Leaf(name(entry), nameless(entry), null)));
        });
    }

    /** A file's size and time; empty if it isn't there. A link counts as a file. */
    Optional<Stat> statOf(Path file) {
        try {
            return stat(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            root.requireStorage();
            return Optional.empty();
        } catch (AccessDeniedException e) {
            throw mayNotBeLookedAt(file);
        } catch (IOException e) {
            if (root.behindNoDirectory(file)) {
                return Optional.empty();
            }
            throw failed("look at", file, e);
        }
    }

    /**
     * Asked for relative to the open directory, where the platform can do that: the way down to it is walked once, not
     * for every file.
     */
    private Optional<Stat> statOf(DirectoryStream<Path> open, Path directory, String name, String leaf) {
        if (open instanceof SecureDirectoryStream<Path> relative) {
            Path file = directory.getFileSystem().getPath(name, leaf);
            try {
                return stat(relative.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .readAttributes());
            } catch (IOException e) {
                // The closer look tells why.
            }
        }
        return statOf(directory.resolve(name).resolve(leaf));
    }

    private static Optional<Stat> stat(BasicFileAttributes attributes) {
        return attributes.isDirectory()
                ? Optional.empty()
                : Optional.of(new Stat(
                        attributes.size(), attributes.lastModifiedTime().toMillis()));
    }

    /**
     * Opens the directory for what is done with it; nothing is, if it isn't there.
     *
     * @throws ForbiddenException if it leads out of the root, or permissions forbid it
     */
    private void listing(Path path, Consumer<DirectoryStream<Path>> listing) {
        root.requireInRoot(path);
        try (DirectoryStream<Path> open = Files.newDirectoryStream(path)) {
            listing.accept(open);
        } catch (NoSuchFileException | NotDirectoryException e) {
            root.requireStorage();
        } catch (AccessDeniedException e) {
            throw new ForbiddenException(
                    path + " cannot be listed: permission denied; run Tidemark as the registry's user");
        } catch (DirectoryIteratorException e) {
            throw failed("list", path, e.getCause());
        } catch (IOException e) {
            throw failed("list", path, e);
        }
    }

    private static String name(Path entry) {
        return entry.getFileName().toString();
    }

    /**
     * Whether the name leads back to the entry: what is no text in the locale's encoding has only some likeness of a
     * name.
     */
    private static boolean isNameOf(String name, Path entry) {
        if (name.indexOf(NO_TEXT) < 0) {
            return true;
        }
        try {
            return entry.resolveSibling(name).equals(entry);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static Type nameless(Path entry) {
        return FileTypes.mayHoldDirectories(entry) ? Type.NAMELESS : Type.OTHER;
    }

    /**
     * Whether all names of a directory are directories, told by its number of hard links: every sub-directory is one,
     * on the filesystems that count them. Where it says nothing, each name is looked at.
     */
    private static boolean holdsOnlyDirectories(Path directory, int names) {
        try {
            return ((Number) Files.getAttribute(directory, "unix:nlink")).longValue() == names + 2L;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    private Child child(Path directory, String name) {
        Path path = directory.resolve(name);
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isSymbolicLink()) {
                return new Child(name, FileTypes.of(attributes));
            }
            return new Child(name, FileTypes.leadsToItself(path) ? Type.OTHER : typeBehind(path, path.toRealPath()));
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Gone since it was listed, or a link to nothing.
            return new Child(name, Type.OTHER);
        } catch (AccessDeniedException e) {
            throw mayNotBeLookedAt(path);
        } catch (IOException e) {
            throw failed("look at", path, e);
        }
    }

    private Type typeBehind(Path link, Path real) throws IOException {
        if (!root.holds(real)) {
            return Type.LINK_OUT_OF_ROOT;
        }
        if (link.getParent().toRealPath().startsWith(real)) {
            // To a directory that it lies in: following it would never end.
            return Type.OTHER;
        }
        Type type = FileTypes.of(Files.readAttributes(real, BasicFileAttributes.class));
        return type == Type.DIRECTORY && root.lists(real) ? Type.LINK_IN_REGISTRY : type;
    }

    private static ForbiddenException mayNotBeLookedAt(Path path) {
        return new ForbiddenException(
                path + " cannot be looked at: permission denied; run Tidemark as the registry's user");
    }

    static StorageException failed(String verb, Path path, IOException cause) {
        return new StorageException("cannot " + verb + " " + path + ": " + cause.getMessage(), cause);
    }
}
