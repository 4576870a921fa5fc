package dev.tidemark.service.registry;

import dev.tidemark.service.settings.InvalidSettingsException;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Drivers;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.config.CacheSettings;
import dev.tidemark.storage.config.InvalidConfigurationException;
import dev.tidemark.storage.config.RegistryConfiguration;
import dev.tidemark.storage.config.RegistryParts;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.config.UploadPurging;
import dev.tidemark.storage.layout.RootFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A registry as the user names it: by its config.yml, or by its storage root directory.
 *
 * @param cache where the registry remembers which blobs it has
 * @param purging what becomes of uploads that nobody finishes
 * @param doubt why it may be another registry than the one that is meant, in one line, for commands that only read
 * @param parts that its configuration has beside a storage; none of a root directory are known
 */
public record NamedRegistry(
        Path argument,
        StorageSettings settings,
        CacheSettings cache,
        UploadPurging purging,
        Optional<String> doubt,
        RegistryParts parts) {

    /**
     * Reads what is named.
     *
     * @throws InvalidSettingsException if it names no storage
     */
    public static NamedRegistry of(Path argument, Map<String, String> environment) {
        if (!Files.exists(argument)) {
            throw new InvalidSettingsException(
                    argument + " does not exist: name the registry's config.yml or its storage root");
        }
        if (Files.isDirectory(argument)) {
            return new NamedRegistry(
                    argument,
                    new StorageSettings.Filesystem(argument),
                    new CacheSettings.Unknown(),
                    UploadPurging.unknown(),
                    Optional.empty(),
                    RegistryParts.NONE);
        }
        try {
            RegistryConfiguration configuration = RegistryConfiguration.read(argument, environment);
            return new NamedRegistry(
                    argument,
                    configuration.storage(),
                    configuration.cache(),
                    configuration.purging(),
                    configuration.doubt(),
                    configuration.parts());
        } catch (InvalidConfigurationException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    /**
     * The same, for a command or service that deletes, or that says what is to be deleted.
     *
     * @throws InvalidSettingsException if there is a doubt
     */
    public NamedRegistry certain() {
        doubt.ifPresent(why -> {
            throw new InvalidSettingsException(why + ". Correct it: nothing is deleted on a guess");
        });
        return this;
    }

    /**
     * The cache, for a command or service that deletes.
     *
     * @throws InvalidSettingsException if it can't be read
     */
    public CacheSettings readableCache() {
        if (cache instanceof CacheSettings.Unreadable(String why)) {
            throw new InvalidSettingsException(
                    why + ". Correct it: nothing is deleted that the registry's cache may still say it has");
        }
        return cache;
    }

    /**
     * The same, for a program that deletes or says what is to be deleted, if its storage says what is in use.
     *
     * @param trusted middlewares that keep the storage's layout, by name
     * @param trusting the words that the user writes before such a name
     * @throws InvalidSettingsException if something else says it, or may
     */
    public NamedRegistry collectable(Set<String> trusted, String trusting) {
        parts.refusal(trusted, trusting).ifPresent(why -> {
            throw new InvalidSettingsException(argument + ": " + why);
        });
        return this;
    }

    /**
     * Requires that what no tag names is in use by nobody.
     *
     * @throws InvalidSettingsException if it may be
     */
    public void requireUntaggedUnused() {
        parts.untagged().ifPresent(why -> {
            throw new InvalidSettingsException(argument + " " + why);
        });
    }

    /** The storage, for a service: a registry that nobody has pushed to yet has none, and gets one later. */
    public Storage awaited() {
        return new AwaitedStorage(argument.toString(), calls -> open(calls, false));
    }

    /**
     * Opens the storage. A registry that nobody has pushed to yet is an empty one, if its configuration names it: a
     * directory may be any.
     *
     * @throws InvalidSettingsException if it is no registry's
     */
    public Storage open() {
        return open(new Calls(), !Files.isDirectory(argument));
    }

    /**
     * The same, to collect it.
     *
     * @throws InvalidSettingsException if it is none that can be collected, too
     */
    public Storage openToCollect(boolean deleteUntagged) {
        Storage storage = open();
        refusal(storage, deleteUntagged).ifPresent(why -> {
            storage.close();
            throw new InvalidSettingsException(why);
        });
        return storage;
    }

    private static Optional<String> refusal(Storage storage, boolean deleteUntagged) {
        try {
            return RootFiles.refusal(storage, deleteUntagged);
        } catch (StorageException e) {
            return Optional.of(e.getMessage());
        }
    }

    private Storage open(Calls calls, boolean mayBeEmpty) {
        try {
            return Drivers.open(settings, mayBeEmpty, calls);
        } catch (InvalidConfigurationException | StorageException e) {
            String where = switch (settings) {
                case StorageSettings.Filesystem filesystem
                when filesystem.byDefault() ->
                    argument + " names no storage.filesystem.rootdirectory, so it is the registry's default: ";
                case StorageSettings.Unsupported unsupported -> argument + ": ";
                default -> "";
            };
            throw new InvalidSettingsException(where + e.getMessage(), e);
        }
    }
}
