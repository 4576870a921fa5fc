package dev.tidemark.cli.text;

import dev.tidemark.cli.run.InStorage;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Units;

/** The part of a summary that says what takes up the storage, and how much: the lines add up. */
record StorageText(InStorage storage, WrappedText page) {

    void print() {
        page.section("Found in the storage: " + Units.bytes(storage.bytes()));
        files(storage.blobs(), "blob", "");
        files(storage.links(), "link", " of manifests, layers and tags");
        files(storage.histories(), "link", " in the histories of tags");
        files(storage.uploads(), "upload", " begun and not finished");
        files(storage.unknown(), "file", " where no registry has any: left alone");
        files(storage.trash(), "file", " in the trash");
        rest();
        if (!storage.uncounted().isEmpty()) {
            page.entry("", "not counted: " + String.join("; ", storage.uncounted()));
        }
    }

    private void files(Tally files, String noun, String which) {
        if (files != null && files.count() > 0) {
            page.entry(Units.bytes(files.bytes()), Counted.of(files.count(), noun) + which);
        }
    }

    private void rest() {
        InStorage.Disk disk = storage.disk();
        if (disk == null) {
            return;
        }
        String free = Units.bytes(disk.free()) + " are free";
        if (disk.rest() == null) {
            page.entry("", "of its file system " + Units.bytes(disk.used()) + " are in use, and " + free);
        } else {
            page.entry(
                    Units.bytes(disk.rest()),
                    "more in use on its file system: directories, blocks that are not full, all else that is on it; "
                            + free);
        }
    }
}
