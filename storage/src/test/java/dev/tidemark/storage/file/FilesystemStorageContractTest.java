package dev.tidemark.storage.file;

import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageContract;
import java.nio.file.Path;

class FilesystemStorageContractTest extends StorageContract {

    @Override
    protected Path root() {
        return directory.resolve("registry");
    }

    @Override
    protected Storage open() {
        return FilesystemStorage.open(root());
    }
}
