package dev.tidemark.storage;

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
