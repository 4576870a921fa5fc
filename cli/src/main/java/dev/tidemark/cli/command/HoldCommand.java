package dev.tidemark.cli.command;

import dev.tidemark.cli.client.CurrentUser;
import dev.tidemark.cli.client.HoldClient;
import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Hold.Subject;
import dev.tidemark.schemas.text.Durations;
import dev.tidemark.service.registry.NamedRegistry;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LinkFile;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code tidemark hold}. */
@Command(
        name = "hold",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Holds what every run has to keep, with all that it leads to, and lists what is held.",
            "",
            "Held is a digest, REPO:TAG, REPO@DIGEST, or all repositories of a pattern: team/* or team/**.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tidemark hold add --reason 'release audit' --until 90d 'archive/**'",
            "  tidemark hold add --registry /var/lib/registry team/app:v1",
            "  tidemark --bootstrap-servers kafka:9092 hold list",
            "  tidemark hold remove team/app:v1"
        })
public final class HoldCommand {

    private static final String WHAT = "a digest, REPO:TAG, REPO@DIGEST, or a pattern of repositories";

    private static final PrintedList<Line> LIST = new PrintedList<>(
            "Nothing is held.",
            4,
            List.of("HELD", "BY", "UNTIL", "REASON"),
            line -> List.of(
                    Terminal.clean(line.of()),
                    Terminal.clean(line.by()),
                    line.until() == null ? "" : line.until() + (line.over() ? " (over)" : ""),
                    line.reason() == null ? "" : Terminal.clean(line.reason())));

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    public HoldCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    /**
     * A hold, as it is printed.
     *
     * @param digest that the tag named when the hold was made
     * @param over whether it has ended
     */
    record Line(String of, String digest, String reason, String by, String at, String until, boolean over) {

        static Line of(Hold hold) {
            return new Line(
                    hold.of(),
                    hold.digest() == null ? null : hold.digest().toString(),
                    hold.reason(),
                    hold.by(),
                    Instant.ofEpochMilli(hold.at()).toString(),
                    hold.until() == null
                            ? null
                            : Instant.ofEpochMilli(hold.until()).toString(),
                    hold.over(System.currentTimeMillis()));
        }
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Holds something. A hold of the same is replaced.",
                "",
                "A tag holds what it names when a run looks. With --registry, what it names now is held on",
                "when it is gone.",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  tidemark hold add --reason 'release audit' --until 90d 'archive/**'",
                "  tidemark hold add --registry /var/lib/registry team/app:v1"
            })
    int add(
            @Parameters(paramLabel = "WHAT", description = WHAT) String what,
            @Option(names = "--reason", order = 1, paramLabel = "TEXT", description = "why; explain says it")
                    Optional<String> reason,
            @Option(
                            names = "--by",
                            order = 2,
                            paramLabel = "NAME",
                            description = "who holds it (default: the user's name)")
                    Optional<String> by,
            @Option(
                            names = "--until",
                            order = 3,
                            paramLabel = "WHEN",
                            showDefaultValue = Visibility.NEVER,
                            description = "when it ends: 90d from now, or 2027-01-31T00:00:00Z (default: never)")
                    Optional<String> until,
            @Mixin EvidenceOptions topics,
            @Mixin Output output) {
        long now = System.currentTimeMillis();
        Long end = until.map(text -> end(text, now)).orElse(null);
        Subject subject = subject(what);
        Digest named = subject instanceof Subject.OfTag tag
                ? topics.registry().map(registry -> named(registry, tag)).orElse(null)
                : null;
        var hold = new Hold(what, named, reason.orElse(null), by.orElseGet(CurrentUser::name), now, end);
        return with(topics, output, client -> {
            client.add(List.of(hold));
            output.print(List.of(Line.of(hold)), () -> words(hold, subject instanceof Subject.OfTag), terminal);
            return ExitCode.DONE;
        });
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Holds something no longer. A run may then collect it.",
            footer = {"", "Example:", "  tidemark hold remove team/app:v1"})
    int remove(
            @Parameters(paramLabel = "WHAT", description = "as 'tidemark hold list' has it") String what,
            @Mixin EvidenceOptions topics,
            @Mixin Output output) {
        return with(topics, output, client -> {
            client.remove(what);
            if (!output.quiet() && !output.json()) {
                terminal.out().println(Terminal.clean(what) + " is no longer held.");
            }
            return ExitCode.DONE;
        });
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists what is held, by whom, until when and why.",
            footer = {"", "Example:", "  tidemark --bootstrap-servers kafka:9092 hold list"})
    int list(@Mixin EvidenceOptions topics, @Mixin Output output) {
        return with(
                topics,
                output,
                client -> LIST.print(client.all().stream().map(Line::of).toList(), output, terminal));
    }

    private int with(EvidenceOptions topics, Output output, Function<HoldClient, Integer> work) {
        try (Evidence evidence = topics.open(ofParent, terminal, output)) {
            return evidence.read(() -> work.apply(new HoldClient(evidence.cluster(), evidence.local())));
        }
    }

    private static List<String> words(Hold hold, boolean ofTag) {
        List<String> words = new ArrayList<>();
        words.add(Terminal.clean(hold.of() + " is " + hold.words())
                + (hold.digest() == null ? "" : " (" + hold.digest() + ")"));
        if (ofTag && hold.digest() == null) {
            words.add("It holds what the tag names. Once the tag is gone it holds nothing: "
                    + "with --registry, it would hold what the tag names now.");
        }
        return words;
    }

    private static Subject subject(String what) {
        Subject subject;
        try {
            subject = Subject.parse(what);
        } catch (IllegalArgumentException e) {
            throw new UsageException("'" + what + "' can't be held: " + e.getMessage(), e);
        }
        boolean valid = switch (subject) {
            case Subject.OfDigest digest -> true;
            case Subject.OfManifest manifest -> Layout.validRepository(manifest.repository());
            case Subject.OfTag tag -> Layout.validRepository(tag.repository()) && Layout.validTag(tag.tag());
            case Subject.OfRepositories some -> true;
        };
        if (!valid) {
            throw new UsageException(
                    "'" + what + "' can't be held: no registry serves a repository or tag of that name");
        }
        return subject;
    }

    private static Long end(String text, long now) {
        long end;
        try {
            end = now + Durations.parse(text).toMillis();
        } catch (IllegalArgumentException noDuration) {
            try {
                end = Instant.parse(text).toEpochMilli();
            } catch (DateTimeException | ArithmeticException noTime) {
                throw new UsageException(
                        "--until: " + noDuration.getMessage() + ", or a time, as 2027-01-31T00:00:00Z", noTime);
            }
        }
        if (end <= now) {
            throw new UsageException("--until '" + text + "' is past: such a hold would keep nothing");
        }
        return end;
    }

    private static Digest named(Path registry, Subject.OfTag tag) {
        String path = Layout.currentLink(tag.repository(), tag.tag());
        try (Storage storage = NamedRegistry.of(registry, System.getenv()).open()) {
            return switch (LinkFile.at(storage, path)) {
                case LinkFile.Names names -> names.digest();
                case LinkFile.Absent absent ->
                    throw new UsageException("the registry has no tag " + tag.repository() + ":" + tag.tag());
                case LinkFile.Unreadable unreadable ->
                    throw new UsageException(
                            "the tag " + tag.repository() + ":" + tag.tag() + " can't be read: " + unreadable.why());
            };
        }
    }
}
