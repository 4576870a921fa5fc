package dev.tidemark.storage.file;

import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A registry on a filesystem (distribution's {@code filesystem} driver).
 *
 * <p>Symbolic links are followed as long as they stay in the root, as the registry follows them, and never out of it.
 */
public final class FilesystemStorage implements Storage {

  /** What stands in a name for bytes that are no text. */
  private static final char NO_TEXT = '\ufffd';

  private final Path root;
  private final Path base;
  private final Path repositories;
  private final Path blobs;
  /** What was there at first, and never goes while there is a registry. */
  private final List<Path> needed;
  private final RealDirectories realDirectories;

  private FilesystemStorage(Path root, Path base) throws IOException {
    this.root = root;
    this.base = base;
    repositories = realPathIfThere(base.resolve(Layout.REPOSITORIES));
    blobs = realPathIfThere(base.resolve(Layout.BLOBS));
    needed = Stream.of(base, repositories, blobs).filter(Files::isDirectory).toList();
    realDirectories = new RealDirectories(Stream.of(repositories, blobs).filter(Files::isDirectory).toList());
  }

  private static Path realPathIfThere(Path path) throws IOException {
    return isThere(path) ? path.toRealPath() : path;
  }

  /** What can't be looked at may be there, so that is no answer. */
  private static boolean isThere(Path path, LinkOption... links) throws IOException {
    try {
      Files.readAttributes(path, BasicFileAttributes.class, links);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Where a path of the layout lies, with the links of the top resolved: an operator may have moved the blobs. */
  private Path resolve(String path) {
    int slash = path.indexOf('/');
    String top = slash < 0 ? path : path.substring(0, slash);
    String rest = slash < 0 ? "" : path.substring(slash + 1);
    try {
      return switch (top) {
        case Layout.REPOSITORIES -> repositories.resolve(rest);
        case Layout.BLOBS -> blobs.resolve(rest);
        default -> throw new IllegalArgumentException("no path of a registry's layout: " + path);
      };
    } catch (InvalidPathException e) {
      // Another process has listed it, in another locale.
      throw new StorageException(path + " is no path here (" + e.getReason() + "): correct the locale (LC_ALL=C.UTF-8)", e);
    }
  }

  /**
   * Opens the storage under a root directory.
   *
   * @throws StorageException if there is no registry in it, or it can't be read
   */
  public static FilesystemStorage open(Path rootDirectory) {
    if (!Files.exists(rootDirectory)) {
      throw new StorageException(rootDirectory + " does not exist: name the registry's config.yml or its storage root");
    }
    Path base = rootDirectory.resolve(Layout.BASE);
    try {
      Path root = rootDirectory.toRealPath();
      if (!Files.isDirectory(base)) {
        requireVisible(base);
        throw new StorageException(
            rootDirectory + " has no " + Layout.BASE + " in it: it is not the storage root of a registry");
      }
      Path realBase = base.toRealPath();
      for (Path needed : List.of(realBase, realBase.resolve(Layout.REPOSITORIES), realBase.resolve(Layout.BLOBS))) {
        requireReadable(root, needed);
      }
      return new FilesystemStorage(root, realBase);
    } catch (AccessDeniedException e) {
      throw new StorageException(e.getFile() + " cannot be read: run Tidemark as the registry's user", e);
    } catch (IOException e) {
      throw new StorageException(rootDirectory + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** What is not there may only be out of sight. */
  private static void requireVisible(Path path) {
    for (Path above = path.getParent(); above != null; above = above.getParent()) {
      if (Files.isDirectory(above)) {
        if (!Files.isExecutable(above)) {
          throw new StorageException(above + " cannot be read: run Tidemark as the registry's user");
        }
        return;
      }
    }
  }

  private static void requireReadable(Path root, Path directory) throws IOException {
    if (!isThere(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Path real = directory.toRealPath();
    if (!real.startsWith(root)) {
      throw leadsOut(directory, root, real);
    }
    if (!Files.isReadable(real) || !Files.isExecutable(real)) {
      throw new StorageException(directory + " cannot be read: run Tidemark as the registry's user");
    }
  }

  @Override
  public String description() {
    return root.toString();
  }

  @Override
  public List<Child> children(String directory) {
    List<Child> children = new ArrayList<>();
    Path path = resolve(directory);
    listing(path, open -> {
      for (Path entry : open) {
        String name = name(entry);
        children.add(isNameOf(name, entry) ? child(path, name) : new Child(name, nameless(entry)));
      }
    });
    return children;
  }

  @Override
  public int count(String directory, int limit) {
    int[] names = {0};
    listing(resolve(directory), open -> names[0] = (int) StreamSupport.stream(open.spliterator(), false).limit(limit).count());
    return names[0];
  }

  @Override
  public void leaves(String directory, String leaf, Consumer<Leaf> to) {
    Path path = resolve(directory);
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
      if (allDirectories && realDirectories.contain(path)) {
        realDirectories.allIn(path);
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

  /** Asked for relative to the open directory, where the platform can do that: the way down to it is walked once, not for every file. */
  private Optional<Stat> statOf(DirectoryStream<Path> open, Path directory, String name, String leaf) {
    if (open instanceof SecureDirectoryStream<Path> relative) {
      Path file = directory.getFileSystem().getPath(name, leaf);
      try {
        return stat(relative.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS).readAttributes());
      } catch (IOException e) {
        // The closer look tells why.
      }
    }
    return statOf(directory.resolve(name).resolve(leaf));
  }

  @Override
  public Optional<Stat> stat(String path) {
    Path file = resolve(path);
    requireInRoot(file.getParent());
    return statOf(file);
  }

  @Override
  public Optional<InputStream> open(String path) {
    Path file = resolve(path);
    if (realDirectories.contain(file.getParent())) {
      try {
        return Optional.of(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS));
      } catch (IOException e) {
        // Not there, a link, or out of reach: the closer look tells which.
      }
    }
    try {
      Path real = file.toRealPath();
      if (!real.startsWith(root)) {
        throw new ForbiddenException(file + " is behind a symbolic link that leads out of the root");
      }
      return Optional.of(Files.newInputStream(real));
    } catch (NoSuchFileException | NotDirectoryException e) {
      requireStorage();
      return Optional.empty();
    } catch (AccessDeniedException e) {
      throw new ForbiddenException(file + " may not be read: permission denied");
    } catch (IOException e) {
      if (behindNoDirectory(file)) {
        return Optional.empty();
      }
      throw failed("read", file, e);
    }
  }

  @Override
  public Optional<Long> delete(String path) {
    Path file = resolve(path);
    try {
      // Behind a link lies what may be listed, and live, under another name.
      if (!file.getParent().toRealPath().equals(file.getParent())) {
        throw new ForbiddenException(file + " is behind a symbolic link, and nothing is deleted there");
      }
      var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isDirectory()) {
        throw new ForbiddenException(file + " is a directory, and only files are deleted");
      }
      if (Thread.currentThread().isInterrupted()) {
        // It may have waited long for the file system by now, and whoever interrupts it goes on without it.
        throw new NotAllowedException();
      }
      Files.delete(file);
      return Optional.of(attributes.isRegularFile() ? attributes.size() : 0);
    } catch (NoSuchFileException | NotDirectoryException e) {
      requireStorage();
      return Optional.empty();
    } catch (AccessDeniedException e) {
      throw new ForbiddenException(file + " may not be deleted: permission denied");
    } catch (IOException e) {
      if (behindNoDirectory(file)) {
        return Optional.empty();
      }
      throw failed("delete", file, e);
    }
  }

  @Override
  public void prune(String directory, String notIncluding) {
    if (!directory.startsWith(notIncluding + "/")) {
      throw new IllegalArgumentException(directory + " is not below " + notIncluding);
    }
    Path last = resolve(notIncluding);
    for (Path next = resolve(directory); !next.equals(last); next = next.getParent()) {
      try {
        // Not through a link, and not the link itself: what an operator linked, an operator removes.
        if (!next.toRealPath().equals(next)) {
          return;
        }
        Files.delete(next);
      } catch (NoSuchFileException e) {
        // Another sweeper, or an earlier try, was here: go on with its parent.
      } catch (DirectoryNotEmptyException | AccessDeniedException e) {
        return;
      } catch (IOException e) {
        throw failed("remove the empty directory", next, e);
      }
    }
  }

  @Override
  public boolean mayHoldRepositories(String linkOutOfRoot) {
    return mayHoldDirectories(resolve(linkOutOfRoot));
  }

  private static boolean mayHoldDirectories(Path path) {
    if (!mayBeDirectory(path)) {
      return false;
    }
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(path, FilesystemStorage::mayBeDirectory)) {
      return stream.iterator().hasNext();
    } catch (IOException | DirectoryIteratorException e) {
      // Nothing is known of it, so it may.
      return true;
    }
  }

  private static boolean mayBeDirectory(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).isDirectory();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      // Nothing is known of it either.
      return true;
    }
  }

  /**
   * Opens the directory for what is done with it; nothing is, if it isn't there.
   *
   * @throws ForbiddenException if it leads out of the root, or permissions forbid it
   */
  private void listing(Path path, Consumer<DirectoryStream<Path>> listing) {
    requireInRoot(path);
    try (DirectoryStream<Path> open = Files.newDirectoryStream(path)) {
      listing.accept(open);
    } catch (NoSuchFileException | NotDirectoryException e) {
      requireStorage();
    } catch (AccessDeniedException e) {
      throw new ForbiddenException(path + " cannot be listed: permission denied; run Tidemark as the registry's user");
    } catch (DirectoryIteratorException e) {
      throw failed("list", path, e.getCause());
    } catch (IOException e) {
      throw failed("list", path, e);
    }
  }

  private static String name(Path entry) {
    return entry.getFileName().toString();
  }

  /** Whether the name leads back to the entry: what is no text in the locale's encoding has only some likeness of a name. */
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
    return mayHoldDirectories(entry) ? Type.NAMELESS : Type.OTHER;
  }

  /**
   * Whether all names of a directory are directories, told by its number of hard links: every sub-directory is one, on
   * the filesystems that count them. Where it says nothing, each name is looked at.
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
        return new Child(name, type(attributes));
      }
      return new Child(name, leadsToItself(path) ? Type.OTHER : typeBehind(path, path.toRealPath()));
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Gone since it was listed, or a link to nothing.
      return new Child(name, Type.OTHER);
    } catch (AccessDeniedException e) {
      throw mayNotBeLookedAt(path);
    } catch (IOException e) {
      throw failed("look at", path, e);
    }
  }

  /** A link that leads round in a circle, from link to link, leads nowhere. */
  private static boolean leadsToItself(Path link) throws IOException {
    Set<Path> met = new HashSet<>();
    Path next = link;
    while (Files.isSymbolicLink(next)) {
      if (!met.add(next)) {
        return true;
      }
      next = next.resolveSibling(Files.readSymbolicLink(next)).normalize();
    }
    return false;
  }

  private Type typeBehind(Path link, Path real) throws IOException {
    if (!real.startsWith(root)) {
      return Type.LINK_OUT_OF_ROOT;
    }
    if (link.getParent().toRealPath().startsWith(real)) {
      // To a directory that it lies in: following it would never end.
      return Type.OTHER;
    }
    Type type = type(Files.readAttributes(real, BasicFileAttributes.class));
    boolean listedAnyway = real.startsWith(repositories) || real.startsWith(blobs) || base.startsWith(real);
    return type == Type.DIRECTORY && listedAnyway ? Type.LINK_IN_REGISTRY : type;
  }

  private static Type type(BasicFileAttributes attributes) {
    return attributes.isDirectory() ? Type.DIRECTORY : attributes.isRegularFile() ? Type.FILE : Type.OTHER;
  }

  private Optional<Stat> statOf(Path file) {
    try {
      return stat(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      requireStorage();
      return Optional.empty();
    } catch (AccessDeniedException e) {
      throw mayNotBeLookedAt(file);
    } catch (IOException e) {
      if (behindNoDirectory(file)) {
        return Optional.empty();
      }
      throw failed("look at", file, e);
    }
  }

  private static Optional<Stat> stat(BasicFileAttributes attributes) {
    return attributes.isDirectory()
        ? Optional.empty()
        : Optional.of(new Stat(attributes.size(), attributes.lastModifiedTime().toMillis()));
  }

  /**
   * Whether something is in the place of a directory above the file, so that the file is not there. A directory that can't be
   * looked at either says nothing.
   */
  private boolean behindNoDirectory(Path file) {
    for (Path above = file.getParent(); above != null; above = above.getParent()) {
      if (Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
        requireStorage();
        try {
          return leadsToItself(above) || !mayBeDirectory(above);
        } catch (IOException e) {
          return false;
        }
      }
    }
    return false;
  }

  /** On a file system that is not mounted any more nothing is found either, and that says nothing of what is there. */
  private void requireStorage() {
    for (Path directory : needed) {
      if (!Files.isDirectory(directory)) {
        throw new StorageException(directory + " is not there any more: is its file system mounted?");
      }
    }
  }

  private void requireInRoot(Path directory) {
    if (realDirectories.contain(directory)) {
      return;
    }
    Path real;
    try {
      real = directory.toRealPath();
    } catch (IOException e) {
      // Not there, or not to be reached: who looks into it is told which.
      return;
    }
    if (!real.startsWith(root)) {
      throw leadsOut(directory, root, real);
    }
  }

  private static ForbiddenException leadsOut(Path link, Path root, Path real) {
    return new ForbiddenException(
        link + " leads out of " + root + " by a symbolic link, and Tidemark never follows those: mount " + real + " there instead");
  }

  private static ForbiddenException mayNotBeLookedAt(Path path) {
    return new ForbiddenException(path + " cannot be looked at: permission denied; run Tidemark as the registry's user");
  }

  private static StorageException failed(String verb, Path path, IOException cause) {
    return new StorageException("cannot " + verb + " " + path + ": " + cause.getMessage(), cause);
  }
}
