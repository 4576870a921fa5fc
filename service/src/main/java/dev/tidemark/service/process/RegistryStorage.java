package dev.tidemark.service.process;

import dev.tidemark.service.ServiceMetrics;
import dev.tidemark.service.Settings;
import dev.tidemark.service.registry.NamedRegistry;
import dev.tidemark.storage.Calls;
import io.micrometer.core.instrument.Tags;

/** The registry's storage and its metrics, for the two services that use it. */
final class RegistryStorage {

    private RegistryStorage() {}

    /** The registry that the settings name. */
    static NamedRegistry named(Settings settings) {
        return NamedRegistry.of(settings.registry(), System.getenv()).certain();
    }

    static void register(Calls calls, ServiceMetrics metrics) {
        metrics.counter(
                "tidemark.storage.retries", "Calls of the storage that were tried again", Tags.empty(), calls::retries);
        metrics.counter(
                "tidemark.storage.errors", "Calls of the storage that failed for good", Tags.empty(), calls::errors);
    }
}
