package dev.tidemark.storage.layout;

import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.time.Duration;

/**
 * Reads a link file, several times if need be: registries up to 2.8 rewrite a link in place, so for a moment it is
 * empty, or short.
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
            for (int tries = 1; tries < TRIES && last instanceof LinkFile.Unreadable; tries++) {
                pause();
                last = readOnce(storage, path);
            }
            return last;
        } catch (ForbiddenException e) {
            return new LinkFile.Unreadable("it may not be read");
        }
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
