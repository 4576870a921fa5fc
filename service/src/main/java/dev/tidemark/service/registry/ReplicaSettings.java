package dev.tidemark.service.registry;

import dev.tidemark.service.settings.InvalidSettingsException;
import dev.tidemark.service.settings.SettingDefinitions;
import dev.tidemark.service.settings.Settings;
import dev.tidemark.storage.config.CacheSettings;
import dev.tidemark.storage.config.InvalidConfigurationException;
import dev.tidemark.sweeper.cache.Replicas;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The settings that say how a registry that remembers blobs in memory can be told what is gone. */
public final class ReplicaSettings {

    private ReplicaSettings() {}

    /**
     * The replicas that are named; empty if none is.
     *
     * @throws InvalidSettingsException if they can't be used
     */
    public static Optional<Replicas> of(Settings settings) {
        Optional<String> named = settings.optional(SettingDefinitions.REGISTRY_URLS);
        Stream.of(SettingDefinitions.REGISTRY_AUTH, SettingDefinitions.REGISTRY_RESTARTED)
                .filter(name -> named.isEmpty() && settings.optional(name).isPresent())
                .forEach(name -> {
                    throw new InvalidSettingsException(name + " goes with " + SettingDefinitions.REGISTRY_URLS);
                });
        try {
            return Replicas.of(
                    named.map(ReplicaSettings::urls).orElse(List.of()),
                    settings.optional(SettingDefinitions.REGISTRY_AUTH).map(Path::of),
                    settings.optional(SettingDefinitions.REGISTRY_RESTARTED).map(ReplicaSettings::time));
        } catch (InvalidConfigurationException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    /**
     * The cache of a registry, as far as its configuration or these settings tell.
     *
     * @throws InvalidSettingsException if they contradict each other, or the configuration can't be read
     */
    public static CacheSettings cache(NamedRegistry registry, Optional<Replicas> replicas) {
        CacheSettings configured = registry.readableCache();
        try {
            return replicas.isEmpty() ? configured : Replicas.memory(configured);
        } catch (InvalidConfigurationException e) {
            throw new InvalidSettingsException(SettingDefinitions.REGISTRY_URLS + ": " + e.getMessage(), e);
        }
    }

    private static List<String> urls(String text) {
        return Stream.of(text.split(",")).map(String::strip).toList();
    }

    private static Instant time(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }
}
