package dev.tidemark.cli.command;

import dev.tidemark.cli.client.Connection;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.local.DataDirectory;
import dev.tidemark.cli.local.LocalPipeline;
import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.schedule.Rest;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Run;
import dev.tidemark.service.registry.NamedRegistry;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.config.CacheSettings;
import dev.tidemark.sweeper.cache.Replicas;
import dev.tidemark.sweeper.trash.TrashRetention;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code tidemark collect}. */
@Command(
        name = "collect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = {
            "Collects a registry's garbage: finds what no image needs any more, and deletes it.",
            "",
            "Look first with --dry-run: it changes nothing.",
            ""
        },
        footer = {
            "",
            "Kept, whatever else: every manifest (with --delete-untagged: every tagged one; with --policy: all that it"
                    + " does not let go), all that it references, the signatures and whatever else refers to it, and"
                    + " all that is younger than --min-age. Content that can't be understood is kept, and reported.",
            "",
            "Examples:",
            "  tidemark collect --dry-run --delete-untagged /etc/docker/registry/config.yml",
            "  tidemark collect --delete-untagged --min-age 7d /var/lib/registry",
            "  tidemark collect --policy policy.yml /var/lib/registry",
            "  tidemark collect --schedule '0 3 * * *' --delete-untagged /etc/docker/registry/config.yml"
        },
        exitCodeList = {
            ExitCode.DONE_HELP,
            ExitCode.FAILED_HELP,
            ExitCode.USAGE_HELP,
            ExitCode.WAITING_HELP,
            ExitCode.INTERRUPTED_HELP
        })
public final class CollectCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(CollectCommand.class);

    private static final String TRUST = "--trust-middleware";

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    @Parameters(paramLabel = "REGISTRY", description = "the registry's config.yml, or its storage root directory")
    private Path target;

    @Mixin
    private RunOptions options;

    @Mixin
    private TrashOptions trashOptions;

    @Mixin
    private ReplicaOptions replicaOptions;

    @Option(
            names = "--plan",
            order = 10,
            paramLabel = "FILE",
            description = "write what is eligible to a file, as JSON Lines")
    private Path planFile;

    @Mixin
    private ScheduleOptions schedule;

    @Mixin
    private Output output;

    @Option(
            names = "--data-dir",
            order = 30,
            paramLabel = "DIR",
            description = "where the topics and the state are kept (default: one a registry, under the user's state "
                    + "directory)")
    private Path dataDir;

    @Option(
            names = TRUST,
            order = 31,
            paramLabel = "NAME",
            description = "collect a registry with this middleware, which keeps images in the storage's layout and "
                    + "nowhere else")
    private Set<String> trustedMiddleware = Set.of();

    @Mixin
    private KafkaOptions kafka;

    public CollectCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    @Override
    public Integer call() {
        return schedule.asked() ? scheduled(InstantSource.system(), Rest.ofProcess()) : call((pipeline, run) -> {});
    }

    /** Collects by the schedule until the process is told to end. */
    int scheduled(InstantSource clock, Rest rest) {
        if (replicaOptions.restarted()) {
            throw new UsageException("--registry-restarted is said of one collection: leave it out with --schedule");
        }
        // A wrong option ends it at once, not at night.
        named();
        schedule.collect(
                clock,
                rest,
                metrics -> new ScheduledCollector(this::opened, terminal, clock, metrics),
                terminal,
                output);
        return ExitCode.FAILED;
    }

    /**
     * Collects.
     *
     * @param look at the run once it has ended, while its topics are there
     */
    int call(BiConsumer<LocalPipeline, Run> look) {
        var phases = new Phases(ProcessHandle.current().info().startInstant().orElseGet(Instant::now));
        return opened(run -> run.make(phases, changed -> {}, look));
    }

    /** The things that the options name, read and checked. */
    private record Named(
            Optional<PlanFile> plan,
            Optional<Connection> cluster,
            NamedRegistry registry,
            Optional<PolicyText> policy,
            CacheSettings cache,
            Optional<Replicas> replicas) {}

    private Named named() {
        Optional<PlanFile> plan =
                Optional.ofNullable(planFile).map(WholeFile::new).map(PlanFile::new);
        Optional<Connection> cluster = kafka.named(ofParent, System.getenv());
        NamedRegistry registry = NamedRegistry.of(target, System.getenv());
        if (!options.dryRun()) {
            registry.certain();
        }
        registry.collectable(trustedMiddleware, TRUST + " ");
        options.unlessAsked(registry.purging());
        Optional<PolicyText> policy = options.policy();
        if (options.deletesManifests()) {
            registry.requireUntaggedUnused();
        }
        CacheSettings cache = replicaOptions.cache(options.dryRun() ? registry.cache() : registry.readableCache());
        return new Named(plan, cluster, registry, policy, cache, replicaOptions.replicas());
    }

    private int opened(ToIntFunction<CollectedRun> work) {
        Named by = named();
        NamedRegistry registry = by.registry();
        registry.doubt().ifPresent(terminal::error);
        Consumer<String> progress = output.progress(terminal);
        progress.accept("opening " + target);
        try (Storage storage = registry.openToCollect(options.deletesManifests());
                DataDirectory directory =
                        DataDirectory.open(Optional.ofNullable(dataDir), storage.identity(), System.getenv())) {
            terminal.logsTo(directory.log());
            TrashRetention retention = trashOptions.retention(by.cache());
            registry.doubt().ifPresent(LOG::warn);
            directory.note().filter(note -> !output.quiet()).ifPresent(terminal::error);
            by.cluster().ifPresent(connection -> {
                progress.accept("asking " + connection.name());
                connection.awaitAnswer(output.silence(terminal, connection.name()));
            });
            progress.accept("starting");
            try (var pipeline = new LocalPipeline(storage, directory, by.cluster(), progress)) {
                try {
                    return work.applyAsInt(new CollectedRun(
                            terminal,
                            output,
                            options,
                            pipeline,
                            by.policy(),
                            by.plan(),
                            retention,
                            by.cache(),
                            by.replicas(),
                            schedule.asked() ? this::approve : this::again));
                } finally {
                    progress.accept("stopping");
                }
            }
        } finally {
            terminal.clearProgress();
        }
    }

    /** The command that lets the run pass which the circuit breaker holds, beside a schedule. */
    private String approve(Run run) {
        List<String> words =
                new ArrayList<>(List.of("tidemark", "approve", run.id().toString()));
        List<String> cluster = kafka.words(ofParent);
        if (!cluster.isEmpty()) {
            words.addAll(cluster);
        } else if (dataDir != null) {
            words.addAll(List.of("--data-dir", dataDir.toString()));
        } else {
            words.addAll(List.of("--registry", target.toString()));
        }
        return ShellWords.line(words);
    }

    /** The same, where the run is made once more. */
    private String again(Run run) {
        List<String> words = new ArrayList<>(List.of("tidemark", "collect"));
        words.addAll(options.words());
        if (dataDir != null) {
            words.add("--data-dir");
            words.add(dataDir.toString());
        }
        words.addAll(trashOptions.words());
        words.addAll(replicaOptions.words());
        trustedMiddleware.forEach(name -> words.addAll(List.of(TRUST, name)));
        words.addAll(kafka.words(ofParent));
        words.add("--max-delete");
        words.add(Integer.toString(run.leastMaxDelete()));
        words.add(target.toString());
        return ShellWords.line(words);
    }
}
