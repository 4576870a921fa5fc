package dev.tidemark.service.process;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.service.health.EventsEndpoint;
import dev.tidemark.service.metrics.ServiceMetrics;
import dev.tidemark.service.registry.NamedRegistry;
import dev.tidemark.service.registry.ReplicaSettings;
import dev.tidemark.service.settings.Settings;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.config.CacheSettings;
import dev.tidemark.sweeper.EventReceiver;
import dev.tidemark.sweeper.SweeperMeter;
import dev.tidemark.sweeper.SweeperService;
import dev.tidemark.sweeper.cache.CountedCache;
import dev.tidemark.sweeper.cache.RegistryCache;
import dev.tidemark.sweeper.cache.Replicas;
import dev.tidemark.sweeper.trash.TrashMeter;
import dev.tidemark.sweeper.trash.TrashRetention;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    private static final Logger LOG = LoggerFactory.getLogger(SweeperCommand.class);

    private static final String LOOKER = " (known to the instance that looks after it)";

    @Mixin
    private ConfigOption config;

    @Override
    public Integer call() {
        return new ServiceProcess(SweeperService.NAME, SweeperCommand::check, SweeperCommand::start).run(config.file());
    }

    private static void check(Settings settings) {
        ReplicaSettings.cache(RegistryStorage.named(settings), ReplicaSettings.of(settings));
    }

    private static ServiceProcess.Started start(
            Settings settings, Cluster cluster, ServiceMetrics metrics, Consumer<Throwable> onFailure) {
        NamedRegistry registry = RegistryStorage.named(settings);
        Optional<Replicas> replicas = ReplicaSettings.of(settings);
        CacheSettings cache = ReplicaSettings.cache(registry, replicas);
        if (cache instanceof CacheSettings.InMemory && replicas.isEmpty()) {
            LOG.warn("the registry remembers its blobs in memory: restart each replica of it after a sweep. A "
                    + "trash keeps what is swept for 24h at least");
        }
        Storage storage = registry.awaited();
        var meter = new SweeperMeter();
        var retention = TrashRetention.of(settings.keepTrash(), settings.trashAsked(), settings.maxPush(), cache);
        Optional<RegistryCache> told = RegistryCache.of(cache, replicas, storage)
                .map(reached -> new CountedCache(reached, meter::cacheFailed));
        var service = new SweeperService(cluster, storage, retention, told, true, meter, onFailure);
        register(meter, metrics);
        RegistryStorage.register(storage.calls(), metrics);
        service.start();
        if (settings.eventsSecret().isEmpty()) {
            return ServiceProcess.started(service::ready, service.runs(), service);
        }
        var events = new EventReceiver(cluster, meter);
        return ServiceProcess.started(
                service::ready,
                service.runs(),
                settings.eventsSecret().map(secret -> new EventsEndpoint(secret, events::accept)),
                () -> {
                    events.close();
                    service.close();
                });
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
        metrics.counter(
                "tidemark.events", "Events of the registry that this instance has taken", Tags.empty(), meter::events);
        metrics.counter(
                "tidemark.events.malformed",
                "Parts of the registry's notifications that were no events, and are in the topic `rejected`",
                Tags.empty(),
                meter::malformed);
        metrics.counter(
                "tidemark.cache.failures",
                "Times that the registry's cache could not be told what is gone",
                Tags.empty(),
                meter::cacheFailures);
        register(meter.trash(), metrics);
    }

    private static void register(TrashMeter trash, ServiceMetrics metrics) {
        metrics.gauge("tidemark.trash.files", "Files in the trash" + LOOKER, Tags.empty(), trash::files);
        metrics.gauge("tidemark.trash.bytes", "Bytes in the trash" + LOOKER, Tags.empty(), trash::bytes);
        metrics.gauge(
                "tidemark.trash.room.bytes",
                "Bytes that were free on the registry's disk after the last look at the trash" + LOOKER,
                Tags.empty(),
                trash::room);
        metrics.gauge(
                "tidemark.trash.stuck.files",
                "Files in the trash that should have been purged, and could not be" + LOOKER,
                Tags.empty(),
                trash::stuck);
        metrics.gauge(
                "tidemark.trash.overdue.seconds",
                "Seconds since the first file in the trash was due; below 0 until then" + LOOKER,
                Tags.empty(),
                trash::overdueSeconds);
        metrics.gauge(
                "tidemark.trash.look.age.seconds",
                "Seconds since the last look at the registry for what needs something of the trash" + LOOKER,
                Tags.empty(),
                trash::lookAgeSeconds);
        metrics.counter(
                "tidemark.trash.look.failures",
                "Looks at the trash of this instance that failed: nothing is purged after one",
                Tags.empty(),
                trash::failures);
        metrics.counter(
                "tidemark.trash.restored",
                "Files that this instance has put back from the trash",
                Tags.empty(),
                trash::restored);
        metrics.counter(
                "tidemark.trash.purged",
                "Files that this instance has purged from the trash",
                Tags.empty(),
                trash::purged);
    }
}
