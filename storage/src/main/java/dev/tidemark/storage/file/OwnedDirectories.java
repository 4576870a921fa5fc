package dev.tidemark.storage.file;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes directories and files that belong to the registry's user, whoever runs this: each is its parent's in owner and
 * mode.
 */
final class OwnedDirectories {

    private static final Logger LOG = LoggerFactory.getLogger(OwnedDirectories.class);
    private static final int TRIES = 10;
    private static final Set<PosixFilePermission> READ_AND_WRITE = PosixFilePermissions.fromString("rw-rw-rw-");

    private OwnedDirectories() {}

    /** Something that is done in a directory. */
    interface Act {
        void run() throws IOException;
    }

    /** Makes a directory and those above it, as far as they are missing. */
    static void make(Path directory) throws IOException {
        amidOthers(() -> makeAll(directory));
    }

    /** Does something that makes the directories that it needs. Others may remove empty ones meanwhile. */
    static void amidOthers(Act act) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                act.run();
                return;
            } catch (NoSuchFileException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private static void makeAll(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (directory.getParent() == null) {
            throw new NoSuchFileException(directory.toString());
        }
        makeAll(directory.getParent());
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
            return;
        }
        takeAfter(directory, directory.getParent(), EnumSet.allOf(PosixFilePermission.class));
    }

    /** Gives a new file to the registry's user, who may read and write it. */
    static void own(Path file) throws IOException {
        takeAfter(file, file.getParent(), READ_AND_WRITE);
    }

    private static void takeAfter(Path made, Path parent, Set<PosixFilePermission> most) throws IOException {
        var view = Files.getFileAttributeView(made, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return;
        }
        PosixFileAttributes wanted = Files.readAttributes(parent, PosixFileAttributes.class);
        PosixFileAttributes now = view.readAttributes();
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        permissions.addAll(wanted.permissions());
        permissions.retainAll(most);
        if (!now.permissions().equals(permissions)) {
            view.setPermissions(permissions);
        }
        try {
            if (!now.group().equals(wanted.group())) {
                view.setGroup(wanted.group());
            }
            if (!now.owner().equals(wanted.owner())) {
                view.setOwner(wanted.owner());
            }
        } catch (FileSystemException e) {
            // Only root may give a directory away. Another user has made it as the registry's user would have to read
            // it.
            LOG.debug("{} stays {}'s", made, now.owner(), e);
        }
    }
}
