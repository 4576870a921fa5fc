package dev.tidemark.storage.layout;

import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.time.Duration;

/**
 * Reads a link file, several times if need be: registries up to 2.8 rewrite a link in place, so for a moment it is
 * empty, or short. In some storages it is not there for a moment.
 */
final class LinkReader {

    private static final int TRIES = 5;
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** No link is longer than an algorithm's name and a sha512 digest. */
    static final int LONGEST = 256;

    private LinkReader() {}

    static LinkFile read(Storage storage, String path) {
        try {
            LinkFile last = readOnce(storage, path);
            for (int tries = 1; tries < TRIES && mayChange(storage, last); tries++) {
                pause();
                last = readOnce(storage, path);
            }
            return last;
        } catch (ForbiddenException e) {
            return new LinkFile.Unreadable("it may not be read");
        }
    }

    private static boolean mayChange(Storage storage, LinkFile link) {
        return switch (link) {
            case LinkFile.Names names -> false;
            case LinkFile.Unreadable unreadable -> true;
            case LinkFile.Absent absent -> storage.rewritesByDeleting();
        };
    }

    private static LinkFile readOnce(Storage storage, String path) {
        return storage.read(path, LinkFile::of).orElse(new LinkFile.Absent());
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted", e);
        }
    }
}
