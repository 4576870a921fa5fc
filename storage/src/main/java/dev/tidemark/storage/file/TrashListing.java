package dev.tidemark.storage.file;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Trash.Trashed;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Lists the trash of a registry on a filesystem. Others may restore or purge what is in it meanwhile. */
final class TrashListing {

    private final FilesystemRoot root;
    private final Calls calls;
    private final TrashDirectory directory;

    TrashListing(FilesystemRoot root, Calls calls, TrashDirectory directory) {
        this.root = root;
        this.calls = calls;
        this.directory = directory;
    }

    /** The runs that have a trash, the latest first. */
    List<RunId> runs() {
        return names(directory.top()).stream()
                .flatMap(name -> RunId.parse(name.getFileName().toString()).stream())
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /** Hands out the files of a run. */
    void files(RunId run, Consumer<Trashed> to) {
        walk(run, directory.of(run), to);
    }

    /** Hands out the files of a run that lie below a directory of the registry, with those in it. */
    void files(RunId run, String below, Consumer<Trashed> to) {
        Path path = directory.of(run).resolve(below);
        for (String leaf : TrashDirectory.leaves(below)) {
            look(run, path.resolveSibling(path.getFileName() + leaf)).ifPresent(to);
        }
        walk(run, path, to);
    }

    /** Each directory is listed whole before any of it is handed out: a listing that fails hands out nothing twice. */
    private void walk(RunId run, Path start, Consumer<Trashed> to) {
        for (Path entry : names(start)) {
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                walk(run, entry, to);
            } else {
                look(run, entry).ifPresent(to);
            }
        }
    }

    /** The names in a directory of the trash; none if it is not there. */
    List<Path> names(Path parent) {
        return calls.answer("list", "the trash", () -> {
            List<Path> names = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
                entries.forEach(names::add);
            } catch (NoSuchFileException | NotDirectoryException e) {
                // Restored, purged or emptied by hand meanwhile.
                root.requireStorage();
            } catch (DirectoryIteratorException e) {
                throw Directories.failed("list", parent, e.getCause());
            } catch (IOException e) {
                throw Directories.failed("list", parent, e);
            }
            return names;
        });
    }

    private Optional<Trashed> look(RunId run, Path file) {
        String path = directory.path(run, file);
        return path == null
                ? Optional.empty()
                : calls.answer("look at", path, () -> {
                    try {
                        Map<String, Object> found = Files.readAttributes(
                                file, "unix:size,lastModifiedTime,ctime,isDirectory", LinkOption.NOFOLLOW_LINKS);
                        // A file system may not note the time of a rename: it was after the run was asked for.
                        long since = Math.max(
                                ((FileTime) found.get("ctime")).toMillis(),
                                run.time().toEpochMilli());
                        return Boolean.TRUE.equals(found.get("isDirectory"))
                                ? Optional.empty()
                                : Optional.of(new Trashed(
                                        run,
                                        path,
                                        (Long) found.get("size"),
                                        ((FileTime) found.get("lastModifiedTime")).toMillis(),
                                        since));
                    } catch (NoSuchFileException | NotDirectoryException e) {
                        root.requireStorage();
                        return Optional.empty();
                    } catch (IOException e) {
                        throw Directories.failed("look at", file, e);
                    }
                });
    }
}
