package dev.tidemark.service.process;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.service.ServiceMetrics;
import dev.tidemark.service.Settings;
import dev.tidemark.storage.Storage;
import dev.tidemark.sweeper.SweeperMeter;
import dev.tidemark.sweeper.SweeperService;
import dev.tidemark.sweeper.TrashRetention;
import io.micrometer.core.instrument.Tags;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code tidemark sweeper}: a sweeper as a process. */
@Command(
        name = SweeperService.NAME,
        mixinStandardHelpOptions = true,
        description = {
            "Runs the service that deletes what is eligible.",
            "",
            "It alone has to be allowed to write to the registry's storage.",
            ""
        },
        footer = {"", "Example:", "  tidemark sweeper --config /etc/tidemark.properties"},
        exitCodeListHeading = ServiceExit.HEADING,
        exitCodeList = {ServiceExit.FAILED_HELP, ServiceExit.SETTINGS_HELP, ServiceExit.TOLD_HELP})
public final class SweeperCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "settings that the environment doesn't have (also TIDEMARK_CONFIG)")
    private Path file;

    @Override
    public Integer call() {
        return new ServiceProcess(SweeperService.NAME, RegistryStorage::named, SweeperCommand::start)
                .run(Optional.ofNullable(file));
    }

    private static ServiceProcess.Started start(
            Settings settings, Cluster cluster, ServiceMetrics metrics, Consumer<Throwable> onFailure) {
        Storage storage = RegistryStorage.named(settings).awaited();
        var meter = new SweeperMeter();
        var retention = new TrashRetention(settings.keepTrash(), settings.maxPush());
        var service = new SweeperService(cluster, storage, retention, true, meter, onFailure);
        register(meter, metrics);
        RegistryStorage.register(storage.calls(), metrics);
        service.start();
        return ServiceProcess.started(service::ready, service.runs(), service);
    }

    static void register(SweeperMeter meter, ServiceMetrics metrics) {
        for (Outcome outcome : Outcome.values()) {
            metrics.counter(
                    "tidemark.deletions",
                    "Eligible records that this instance has processed, by outcome",
                    Tags.of("outcome", outcome.name().toLowerCase(Locale.ROOT).replace('_', '-')),
                    () -> meter.done(outcome));
        }
        metrics.counter("tidemark.bytes.freed", "Bytes that this instance has freed", Tags.empty(), meter::bytesFreed);
    }
}
