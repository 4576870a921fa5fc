package dev.tidemark.storage.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows which directories are real ones, no symbolic links, all the way down from the top. A directory stays known for
 * a moment: of a million files, most lie beside one that was read just before.
 */
final class RealDirectories {

    private static final long A_MOMENT = Duration.ofSeconds(1).toNanos();
    private static final int MOST_KNOWN = 10_000;

    private final List<Path> tops;
    private final Map<Path, Long> known = new ConcurrentHashMap<>();
    private final Map<Path, Long> allIn = new ConcurrentHashMap<>();

    /**
     * @param tops the directories that are known to be real, with the links above them resolved
     */
    RealDirectories(List<Path> tops) {
        this.tops = List.copyOf(tops);
    }

    /** Tells that everything in the directory, which is known to be real itself, is a directory, and no link. */
    void allIn(Path directory) {
        put(allIn, directory);
    }

    /**
     * Whether the directory is there and no link leads to it. If not, or if that can't be told, a closer look has to.
     */
    boolean contain(Path directory) {
        if (tops.contains(directory)) {
            return true;
        }
        Path parent = directory.getParent();
        if (parent == null) {
            return false;
        }
        if (recent(allIn, parent) || recent(known, directory)) {
            return true;
        }
        if (!contain(parent) || !isDirectory(directory)) {
            return false;
        }
        put(known, directory);
        return true;
    }

    private static boolean recent(Map<Path, Long> looks, Path directory) {
        Long seen = looks.get(directory);
        return seen != null && System.nanoTime() - seen < A_MOMENT;
    }

    private static void put(Map<Path, Long> looks, Path directory) {
        if (looks.size() >= MOST_KNOWN) {
            looks.clear();
        }
        looks.put(directory, System.nanoTime());
    }

    private static boolean isDirectory(Path directory) {
        try {
            return Files.readAttributes(directory, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isDirectory();
        } catch (IOException e) {
            return false;
        }
    }
}
