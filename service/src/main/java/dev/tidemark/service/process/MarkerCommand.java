package dev.tidemark.service.process;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.marker.MarkerMeter;
import dev.tidemark.marker.MarkerService;
import dev.tidemark.marker.MarkerSettings;
import dev.tidemark.service.metrics.ServiceMetrics;
import dev.tidemark.service.settings.Settings;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code tidemark marker}: a marker as a process. */
@Command(
        name = MarkerService.NAME,
        mixinStandardHelpOptions = true,
        description = {"Runs the service that decides what is eligible. It never sees the storage.", ""},
        footer = {"", "Example:", "  tidemark marker --config /etc/tidemark.properties"},
        exitCodeListHeading = ServiceExit.HEADING,
        exitCodeList = {ServiceExit.FAILED_HELP, ServiceExit.SETTINGS_HELP, ServiceExit.TOLD_HELP})
public final class MarkerCommand implements Callable<Integer> {

    /**
     * Threads that may die of an error within ten minutes. After that the process ends, to be started anew by its
     * supervisor.
     */
    private static final int RESTARTS = 10;

    @Mixin
    private ConfigOption config;

    @Override
    public Integer call() {
        return new ServiceProcess(MarkerService.NAME, Settings::stateDirectory, MarkerCommand::start)
                .run(config.file());
    }

    private static ServiceProcess.Started start(
            Settings settings, Cluster cluster, ServiceMetrics metrics, Consumer<Throwable> onFailure) {
        var meter = new MarkerMeter();
        var service = new MarkerService(
                cluster,
                new MarkerSettings(
                        settings.stateDirectory(),
                        settings.threads(),
                        settings.standbys(),
                        settings.replication(),
                        MarkerSettings.COMMIT_INTERVAL,
                        RESTARTS),
                meter,
                onFailure);
        register(meter, metrics);
        metrics.bind(service.streams());
        service.start();
        return ServiceProcess.started(service::ready, service.runs(), service);
    }

    static void register(MarkerMeter meter, ServiceMetrics metrics) {
        metrics.counter(
                "tidemark.marker.records",
                "Records of the enumerator that this instance has taken in",
                Tags.empty(),
                meter::enumerated);
        metrics.counter("tidemark.marker.marks", "Marks that this instance has taken in", Tags.empty(), meter::marks);
        metrics.gauge(
                "tidemark.marker.superstep", "The superstep that this instance is in", Tags.empty(), meter::superstep);
    }
}
