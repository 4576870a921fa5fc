package dev.tidemark.cli.command;

import dev.tidemark.cli.client.Connection;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.local.DataDirectory;
import dev.tidemark.cli.local.LocalPipeline;
import dev.tidemark.cli.run.Aftermath;
import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.ProgressLine;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Run;
import dev.tidemark.service.registry.NamedRegistry;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.config.CacheSettings;
import dev.tidemark.sweeper.cache.RegistryCache;
import dev.tidemark.sweeper.cache.Replicas;
import dev.tidemark.sweeper.trash.TrashKeeper;
import dev.tidemark.sweeper.trash.TrashReport;
import dev.tidemark.sweeper.trash.TrashRetention;
import dev.tidemark.sweeper.verify.Verification;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
            "  tidemark collect --policy policy.yml /var/lib/registry"
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

    /** Words that a shell takes as they are, without quotes. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

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
        return call((pipeline, run) -> {});
    }

    /**
     * Collects.
     *
     * @param look at the run once it has ended, while its topics are there
     */
    int call(BiConsumer<LocalPipeline, Run> look) {
        var phases = new Phases(ProcessHandle.current().info().startInstant().orElseGet(Instant::now));
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
        Optional<Replicas> replicas = replicaOptions.replicas();
        registry.doubt().ifPresent(terminal::error);
        Consumer<String> progress = output.progress(terminal);
        progress.accept("opening " + target);
        try (Storage storage = registry.openToCollect(options.deletesManifests());
                DataDirectory directory =
                        DataDirectory.open(Optional.ofNullable(dataDir), storage.identity(), System.getenv())) {
            terminal.logsTo(directory.log());
            TrashRetention retention = trashOptions.retention(cache);
            registry.doubt().ifPresent(LOG::warn);
            directory.note().filter(note -> !output.quiet()).ifPresent(terminal::error);
            cluster.ifPresent(connection -> {
                progress.accept("asking " + connection.name());
                connection.awaitAnswer(output.silence(terminal, connection.name()));
            });
            progress.accept("starting");
            try (var pipeline = new LocalPipeline(storage, directory, cluster, progress)) {
                try {
                    return collect(pipeline, phases, policy, plan, look, storage, retention, cache, replicas);
                } finally {
                    progress.accept("stopping");
                }
            }
        } finally {
            terminal.clearProgress();
        }
    }

    private int collect(
            LocalPipeline pipeline,
            Phases phases,
            Optional<PolicyText> policy,
            Optional<PlanFile> plan,
            BiConsumer<LocalPipeline, Run> look,
            Storage storage,
            TrashRetention retention,
            CacheSettings cache,
            Optional<Replicas> replicas) {
        Instant now = Instant.now();
        Supplier<Optional<RegistryCache>> openCache = () -> RegistryCache.of(cache, replicas, storage);
        var interruption = Interruption.await(pipeline, terminal, output, options.dryRun());
        Run run;
        Optional<TrashReport> trashed = Optional.empty();
        List<String> troubles = new ArrayList<>();
        try (TrashKeeper keeper = options.dryRun()
                ? null
                : pipeline.trash(retention.settle(), openCache).orElse(null)) {
            Optional<TrashStep> trash = Optional.ofNullable(keeper)
                    .map(open -> new TrashStep(
                            open, retention.settle(), () -> !interruption.begun(), output.progress(terminal)));
            trash.ifPresent(TrashStep::before);
            Run requested = pipeline.request(
                    now, options.at(now), options.maxDelete(), options.repair(), policy, retention, cache, openCache);
            interruption.of(requested.id());
            phases.requested(Instant.now());
            run = follow(pipeline, requested, phases, interruption);
            var afterSweep = new AfterSweep(pipeline, trash, () -> !interruption.begun(), troubles::add);
            if (trash.isPresent()) {
                phases.settling(Instant.now());
                trashed = afterSweep.look(run);
            }
            if (Verification.needed(run) && !interruption.begun()) {
                output.progress(terminal).accept("verifying");
                run = afterSweep.verified(run);
            }
            phases.at(run.state(), Instant.now());
            Run ended = run;
            look.accept(pipeline, ended);
            plan.filter(p -> ended.allDecided())
                    .flatMap(p -> p.write(pipeline.cluster(), ended))
                    .ifPresent(troubles::add);
        } catch (RuntimeException e) {
            if (interruption.begun()) {
                return ExitCode.FAILED;
            }
            throw e;
        } finally {
            interruption.forget();
        }
        return interruption.begun()
                ? ExitCode.FAILED
                : new RunReport(terminal, output)
                        .print(
                                run,
                                phases,
                                new Aftermath(
                                        trashed,
                                        TrashAdvice.of(storage, retention, run),
                                        options.leftovers().note(),
                                        CacheAdvice.of(cache, replicas.isPresent(), run)),
                                again(run),
                                troubles);
    }

    private Run follow(LocalPipeline pipeline, Run requested, Phases phases, Interruption interruption) {
        var progress = new ProgressLine(output.progress(terminal), pipeline.progress());
        try {
            return pipeline.follow(requested, run -> {
                phases.at(run.state(), Instant.now());
                if (!interruption.begun()) {
                    progress.show(run, phases.current(), Instant.now());
                }
            });
        } finally {
            if (!interruption.begun()) {
                terminal.clearProgress();
            }
        }
    }

    /** The command that lets the run pass which the circuit breaker holds. */
    private String again(Run run) {
        if (!run.allDecided()) {
            return "";
        }
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
        return words.stream().map(CollectCommand::quoted).collect(Collectors.joining(" "));
    }

    /** A word as a POSIX shell takes it. */
    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
