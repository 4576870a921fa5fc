package dev.tidemark.cli.service;

import dev.tidemark.cli.Faulty;
import dev.tidemark.cli.Processes;
import dev.tidemark.enumerator.EnumeratorService;
import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.service.metrics.ServiceMetrics;
import dev.tidemark.service.process.ServiceProcess;
import dev.tidemark.service.registry.NamedRegistry;
import dev.tidemark.service.settings.Settings;
import dev.tidemark.sweeper.SweeperMeter;
import dev.tidemark.sweeper.SweeperService;
import dev.tidemark.sweeper.trash.TrashRetention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A service as a process, at a storage that holds it in the middle of its work until it is released: an enumerator
 * before it reads from the largest repository, a sweeper after each deletion.
 */
public final class HeldService {

    private static final String WITNESS = "witness";
    private static final String BEGUN = "begun";

    private final Path directory;

    private HeldService(Path directory) {
        this.directory = directory;
    }

    /**
     * @param arguments the service, and the directory where it writes what it is at, and looks whether it is released
     */
    public static void main(String[] arguments) {
        var held = new HeldService(Path.of(arguments[1]));
        ServiceProcess.Start start = arguments[0].equals(SweeperService.NAME) ? held::sweeper : held::enumerator;
        System.exit(new ServiceProcess(arguments[0], Settings::registry, start).run(Optional.empty()));
    }

    /** The paths that it was at, one each time. */
    public static List<String> witness(Path directory) {
        return lines(directory.resolve(WITNESS));
    }

    /** The paths whose deletion a sweeper has begun, be it that it may not make it any more. */
    public static List<String> begun(Path directory) {
        return lines(directory.resolve(BEGUN));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void release(Path directory) {
        append(directory.resolve("released"), "");
    }

    private ServiceProcess.Started enumerator(
            Settings settings, Cluster cluster, ServiceMetrics metrics, Consumer<Throwable> onFailure) {
        Faulty storage = storage(settings);
        storage.open = path -> {
            if (path.startsWith("repositories/team/app/")) {
                hold(path);
            }
        };
        var service = new EnumeratorService(
                cluster,
                storage,
                Optional.empty(),
                DescriptorCache.NONE,
                settings.stateDirectory(),
                settings.retention(),
                settings.readers(),
                Optional.empty(),
                settings.stallTimeout(),
                new EnumeratorMeter(),
                onFailure);
        service.start();
        return ServiceProcess.started(service::ready, service.runs(), service);
    }

    private ServiceProcess.Started sweeper(
            Settings settings, Cluster cluster, ServiceMetrics metrics, Consumer<Throwable> onFailure) {
        Faulty storage = storage(settings);
        storage.delete = path -> append(directory.resolve(BEGUN), path + "\n");
        storage.deleted = this::hold;
        var service = new SweeperService(
                cluster, storage, TrashRetention.NONE, Optional.empty(), false, new SweeperMeter(), onFailure);
        service.start();
        return ServiceProcess.started(service::ready, service.runs(), service);
    }

    private static Faulty storage(Settings settings) {
        return new Faulty(NamedRegistry.of(settings.registry(), System.getenv()).awaited());
    }

    private void hold(String path) {
        append(directory.resolve(WITNESS), path + "\n");
        Processes.await("it is released", () -> Files.exists(directory.resolve("released")));
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
