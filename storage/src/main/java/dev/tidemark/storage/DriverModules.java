package dev.tidemark.storage;

import dev.tidemark.storage.config.InvalidConfigurationException;
import dev.tidemark.storage.config.StorageSettings;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds drivers that are modules of their own: on the class path, or else in {@code drivers/NAME}, a directory of jars
 * beside that of this program's own. So nobody starts with the libraries of a driver that is not used.
 */
final class DriverModules {

    private static final Map<String, Driver> FOUND = new ConcurrentHashMap<>();

    private DriverModules() {}

    /**
     * Opens a registry's storage with the driver of that name.
     *
     * @throws InvalidConfigurationException if it is not installed
     */
    static Storage open(String name, StorageSettings settings, boolean mayBeEmpty, Calls calls) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            Driver driver = FOUND.computeIfAbsent(name, DriverModules::find);
            // Libraries look for others by it, and so do the threads that they start.
            thread.setContextClassLoader(driver.getClass().getClassLoader());
            return driver.open(settings, mayBeEmpty, calls);
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new InvalidConfigurationException(
                    "the storage driver '" + name + "' can't be loaded, install it anew (" + e + ")");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Driver find(String name) {
        ClassLoader own = DriverModules.class.getClassLoader();
        return in(own, name)
                .or(() -> in(new URLClassLoader(jars(name), own), name))
                .orElseThrow(() -> missing(name));
    }

    private static Optional<Driver> in(ClassLoader loader, String name) {
        return ServiceLoader.load(Driver.class, loader).stream()
                .map(ServiceLoader.Provider::get)
                .filter(driver -> driver.name().equals(name))
                .findFirst();
    }

    private static URL[] jars(String name) {
        List<URL> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory(name), "*.jar")) {
            for (Path jar : found) {
                jars.add(jar.toUri().toURL());
            }
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw missing(name);
        }
        return jars.toArray(URL[]::new);
    }

    private static InvalidConfigurationException missing(String name) {
        return new InvalidConfigurationException(
                "the storage driver '" + name + "' is not installed: its jars are not in " + directory(name));
    }

    private static Path directory(String name) {
        try {
            Path own = Path.of(DriverModules.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return own.getParent().resolveSibling("drivers").resolve(name);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
