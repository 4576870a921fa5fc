package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.ui.Commands;
import dev.tidemark.cli.ui.UiServer;
import dev.tidemark.service.process.Version;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code tidemark ui}. */
@Command(
        name = "ui",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = {
            "Serves a page to look at runs, and to act on them, until it is interrupted.",
            "",
            "Open the address that it prints in a browser. The page has the runs and how far they are, what waits "
                    + "for approval and what would go, the trash with undo, why an image is kept or gone, and policies "
                    + "to try. Whatever it shows or does is a command, which it names.",
            "",
            "It opens topics for a moment, whenever something is asked: other commands and collections can run beside "
                    + "it. Name the registry to see its trash, to undo, and to try policies.",
            ""
        },
        footer = {
            "",
            "The token that follows the # is all that it takes to use the page. Each start makes another one.",
            "",
            "Examples:",
            "  tidemark ui --registry /etc/docker/registry/config.yml",
            "  tidemark --bootstrap-servers kafka:9092 ui --read-only",
            "  ssh -t -L 8642:localhost:8642 registry.example.com tidemark ui"
        },
        exitCodeList = {ExitCode.FAILED_HELP, ExitCode.USAGE_HELP, ExitCode.INTERRUPTED_HELP, "143:told to end: SIGTERM"
        })
public final class UiCommand implements Callable<Integer> {

    private static final int TOKEN_BYTES = 32;

    /** All of them can stand in a header and in an address; fewer could be guessed. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{16,512}");

    private final Terminal terminal;
    private final KafkaOptions ofParent;
    private final Commands commands;

    @Option(
            names = "--port",
            order = 1,
            paramLabel = "PORT",
            defaultValue = "8642",
            converter = Numbers.Port.class,
            description = "0 for any free one")
    private int port;

    @Option(
            names = "--listen",
            order = 2,
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "where it listens; others than the loopback interface need --token-file, and a proxy with "
                    + "TLS before them")
    private String listen;

    @Option(
            names = "--token-file",
            order = 3,
            paramLabel = "FILE",
            description = "a file with the token: 16 characters or more, which nobody can guess. It is not printed")
    private Path tokenFile;

    @Option(
            names = "--read-only",
            order = 4,
            showDefaultValue = Visibility.NEVER,
            description = "a page to look at: it approves, cancels, undoes and tries nothing")
    private boolean readOnly;

    @Mixin
    private EvidenceOptions evidence;

    /** @param commands that answer what is asked */
    public UiCommand(Terminal terminal, KafkaOptions ofParent, Commands commands) {
        this.terminal = terminal;
        this.ofParent = ofParent;
        this.commands = commands;
    }

    @Override
    public Integer call() {
        try (UiServer server = start()) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "end"));
            server.awaitClosed();
        }
        return ExitCode.DONE;
    }

    /** Starts it, and says where. */
    UiServer start() {
        InetAddress address = address();
        Optional<String> fromFile = Optional.ofNullable(tokenFile).map(UiCommand::read);
        if (!address.isLoopbackAddress() && fromFile.isEmpty()) {
            throw new UsageException("--listen " + listen
                    + " lets other machines ask: give --token-file FILE, with a token that nobody can guess");
        }
        String token = fromFile.orElseGet(UiCommand::random);
        UiServer server;
        try {
            server = UiServer.start(
                    new InetSocketAddress(address, port),
                    listen,
                    token,
                    evidence.place(ofParent),
                    readOnly,
                    new Version().getVersion()[0].replaceFirst("^tidemark ", ""),
                    commands,
                    terminal::error);
        } catch (IOException e) {
            throw new UsageException(
                    "%s port %d cannot be listened on (%s): name another with --port"
                            .formatted(listen, port, e.getMessage()),
                    e);
        }
        terminal.out()
                .println("The page is at " + server.address()
                        + fromFile.map(known -> "").orElse("#" + token) + " until Ctrl-C");
        if (!address.isLoopbackAddress()) {
            terminal.error("the connection is not encrypted: put a proxy with TLS before it");
        }
        return server;
    }

    private InetAddress address() {
        if (listen.isBlank() || listen.startsWith("[")) {
            throw new UsageException("--listen '" + listen + "': write an address as 127.0.0.1 or ::1, or a name");
        }
        try {
            return InetAddress.getByName(listen);
        } catch (UnknownHostException e) {
            throw new UsageException("--listen " + listen + ": there is no such address", e);
        }
    }

    private static String read(Path file) {
        String token;
        try {
            token = Files.readString(file).strip();
        } catch (IOException e) {
            throw new UsageException("--token-file " + file + " cannot be read: " + e, e);
        }
        if (!TOKEN.matcher(token).matches()) {
            throw new UsageException("--token-file " + file
                    + " has no token: write 16 letters, digits or . _ ~ + / = - or more, as openssl rand -hex 32 does");
        }
        return token;
    }

    private static String random() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
