package dev.tidemark.service.process;

import dev.tidemark.service.metrics.ServiceMetrics;
import dev.tidemark.service.registry.NamedRegistry;
import dev.tidemark.service.settings.SettingDefinitions;
import dev.tidemark.service.settings.Settings;
import dev.tidemark.storage.Calls;
import io.micrometer.core.instrument.Tags;

/** The registry's storage and its metrics, for the two services that use it. */
final class RegistryStorage {

    private RegistryStorage() {}

    /**
     * The registry that the settings name.
     *
     * @throws dev.tidemark.service.settings.InvalidSettingsException if it is none that can be collected
     */
    static NamedRegistry named(Settings settings) {
        return NamedRegistry.of(settings.registry(), System.getenv())
                .certain()
                .collectable(settings.trustMiddleware(), SettingDefinitions.TRUST_MIDDLEWARE + "=");
    }

    static void register(Calls calls, ServiceMetrics metrics) {
        metrics.counter(
                "tidemark.storage.retries", "Calls of the storage that were tried again", Tags.empty(), calls::retries);
        metrics.counter(
                "tidemark.storage.errors", "Calls of the storage that failed for good", Tags.empty(), calls::errors);
    }
}
