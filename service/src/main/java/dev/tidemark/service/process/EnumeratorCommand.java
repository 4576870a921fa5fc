package dev.tidemark.service.process;

import dev.tidemark.enumerator.EnumeratorService;
import dev.tidemark.enumerator.lead.Schedule;
import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.service.metrics.ServiceMetrics;
import dev.tidemark.service.registry.NamedRegistry;
import dev.tidemark.service.settings.Leftovers;
import dev.tidemark.service.settings.Settings;
import dev.tidemark.storage.Storage;
import io.micrometer.core.instrument.Tags;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code tidemark enumerator}: an enumerator as a process. */
@Command(
        name = EnumeratorService.NAME,
        mixinStandardHelpOptions = true,
        description = {"Runs the service that lists a registry's storage. It reads, and never writes.", ""},
        footer = {"", "Example:", "  tidemark enumerator --config /etc/tidemark.properties"},
        exitCodeListHeading = ServiceExit.HEADING,
        exitCodeList = {ServiceExit.FAILED_HELP, ServiceExit.SETTINGS_HELP, ServiceExit.TOLD_HELP})
public final class EnumeratorCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption config;

    @Override
    public Integer call() {
        return new ServiceProcess(EnumeratorService.NAME, EnumeratorCommand::check, EnumeratorCommand::start)
                .run(config.file());
    }

    private static void check(Settings settings) {
        NamedRegistry registry = RegistryStorage.named(settings);
        if (settings.schedule().isPresent() && settings.scheduleDeleteUntagged()) {
            registry.requireUntaggedUnused();
        }
    }

    private static ServiceProcess.Started start(
            Settings settings, Cluster cluster, ServiceMetrics metrics, Consumer<Throwable> onFailure) {
        NamedRegistry registry = RegistryStorage.named(settings);
        Storage storage = registry.awaited();
        Optional<Schedule> schedule = settings.schedule()
                .map(cron -> new Schedule(
                        cron::next,
                        settings.scheduleDryRun(),
                        settings.scheduleDeleteUntagged(),
                        settings.scheduleMinAge(),
                        settings.leftovers()
                                .orElseGet(() -> Leftovers.by(registry.purging()))
                                .age()
                                .orElse(null),
                        settings.scheduleMaxDelete(),
                        settings.scheduleRepair(),
                        settings.policy().orElse(null),
                        settings.keepDangling()));
        var meter = new EnumeratorMeter();
        var service = new EnumeratorService(
                cluster,
                storage,
                registry.parts().untagged(),
                registry.cache().kind(),
                settings.stateDirectory(),
                settings.retention(),
                settings.readers(),
                schedule,
                settings.stallTimeout(),
                meter,
                onFailure);
        register(meter, metrics);
        RegistryStorage.register(storage.calls(), metrics);
        service.start();
        return ServiceProcess.started(service::ready, service.runs(), service);
    }

    static void register(EnumeratorMeter meter, ServiceMetrics metrics) {
        metrics.gauge(
                "tidemark.enumerator.items",
                "Repositories and blob shards of the run that this instance leads",
                Tags.empty(),
                meter::items);
        metrics.counter(
                "tidemark.enumerator.items.done",
                "Repositories and blob shards that this instance has read",
                Tags.empty(),
                meter::itemsDone);
        metrics.counter(
                "tidemark.enumerator.records",
                "Manifests, layer links and blobs that this instance has written",
                Tags.empty(),
                meter::records);
    }
}
