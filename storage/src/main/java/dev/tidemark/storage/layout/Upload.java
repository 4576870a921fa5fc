package dev.tidemark.storage.layout;

import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Storage.Child;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * An upload that was begun in a repository: the bytes so far, when it was begun, and the states of the hash that a
 * registry goes on from (distribution, {@code registry/storage/paths.go}).
 *
 * @param files their paths
 * @param bytes of all of them
 * @param modified when the last of them was written, or when it was begun if that is later, in ms since the epoch; 0 if
 *     there is none
 * @param unreadable why its age can't be told, or null
 */
public record Upload(List<String> files, long bytes, long modified, String unreadable) {

    /** No time is longer in RFC 3339. */
    private static final int LONGEST_TIME = 64;

    /** The states of the hash are two directories down. */
    private static final int DEEPEST = 3;

    /**
     * Reads an upload. It may be under way: what has vanished since it was listed is not in it.
     *
     * @param listed the repository's uploads, or the storage itself
     * @param old whether a time is so long ago that it matters when the upload was begun: that is read only then
     * @throws StorageException if the storage does not answer
     */
    public static Upload read(Storage storage, Listing listed, String repository, String id, LongPredicate old) {
        var files = new Files(listed);
        try {
            files.in(Layout.upload(repository, id), DEEPEST);
            if (files.unreadable == null && !files.paths.isEmpty() && old.test(files.modified)) {
                storage.read(
                                Layout.uploadStart(repository, id),
                                in -> new String(in.readNBytes(LONGEST_TIME), StandardCharsets.UTF_8).strip())
                        .ifPresent(files::begun);
            }
        } catch (ForbiddenException e) {
            files.unreadable = "it may not be read";
        }
        return new Upload(files.paths, files.bytes, files.modified, files.unreadable);
    }

    /** The files of an upload, as they are found. */
    private static final class Files {

        private final Listing listed;
        private final List<String> paths = new ArrayList<>();
        private long bytes;
        private long modified;
        private String unreadable;

        Files(Listing listed) {
            this.listed = listed;
        }

        void in(String directory, int deepest) {
            for (Child child : listed.children(directory)) {
                String path = directory + "/" + child.name();
                switch (child.type()) {
                    case FILE -> {
                        // The trash tells a file's directory from its name by the dot that it puts there.
                        if (child.name().indexOf('.') >= 0) {
                            unreadable = "it has a file that no registry makes";
                        }
                        listed.stat(path).ifPresent(stat -> add(path, stat));
                    }
                    case DIRECTORY -> {
                        if (deepest == 0) {
                            unreadable = "it has a directory that no registry makes";
                        } else {
                            in(path, deepest - 1);
                        }
                    }
                    case LINK_OUT_OF_ROOT, LINK_IN_REGISTRY, NAMELESS, OTHER ->
                        unreadable = "it has something that is no file";
                }
            }
        }

        private void add(String path, Stat stat) {
            paths.add(path);
            bytes += stat.size();
            modified = Math.max(modified, stat.modified());
        }

        private void begun(String time) {
            try {
                modified = Math.max(
                        modified, OffsetDateTime.parse(time).toInstant().toEpochMilli());
            } catch (DateTimeException | ArithmeticException e) {
                unreadable = "when it was begun can't be read";
            }
        }
    }

    /** Whether there is nothing of it (any more). */
    public boolean isEmpty() {
        return files.isEmpty();
    }

    /** Why its age can't be told, or that nothing is there that has one; empty if it can be told. */
    public Optional<String> ageless() {
        return Optional.ofNullable(unreadable).or(() -> isEmpty() ? Optional.of("it has no file") : Optional.empty());
    }
}
