package dev.tidemark.storage.gcs;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Driver;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.config.StorageSettings;

/** The driver {@code gcs}, with the JDK's client and Google's library for credentials. */
public final class GcsDriver implements Driver {

    @Override
    public String name() {
        return "gcs";
    }

    @Override
    public Storage open(StorageSettings settings, boolean mayBeEmpty, Calls calls) {
        return GcsStorage.open((StorageSettings.Gcs) settings, mayBeEmpty, calls);
    }
}
