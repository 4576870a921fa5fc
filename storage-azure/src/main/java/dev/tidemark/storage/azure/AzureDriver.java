package dev.tidemark.storage.azure;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Driver;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.config.StorageSettings;

/** The driver {@code azure}, with Microsoft's SDK. */
public final class AzureDriver implements Driver {

    @Override
    public String name() {
        return "azure";
    }

    @Override
    public Storage open(StorageSettings settings, boolean mayBeEmpty, Calls calls) {
        return AzureStorage.open((StorageSettings.Azure) settings, mayBeEmpty, calls);
    }
}
