package dev.tidemark.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real browser without a window, steered through its {@link DevTools}: one page. */
public final class Chromium implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");

    private final Process process;
    private final Path profile;
    private final DevTools tools;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();

    private Chromium(Process process, Path profile, URI address) {
        this.process = process;
        this.profile = profile;
        tools = new DevTools(address, this::event);
        tools.attach();
    }

    /**
     * Whether there is one on this machine: {@code chromium}, or what the system property or environment
     * {@code CHROMIUM} names.
     */
    public static boolean isInstalled() {
        return program() != null;
    }

    private static Path program() {
        String named = System.getenv("CHROMIUM");
        if (named != null) {
            return Path.of(named);
        }
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(directory -> Stream.of(Path.of(directory, "chromium"), Path.of(directory, "chromium-browser")))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** Starts one with a fresh profile, that asks nobody for updates. */
    public static Chromium start() {
        try {
            Path profile = Files.createTempDirectory("chromium");
            Process process = new ProcessBuilder(
                            program().toString(),
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--disable-dev-shm-usage",
                            "--hide-scrollbars",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + profile,
                            "about:blank")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new Chromium(process, profile, address(process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URI address(Process process) throws IOException {
        var errors = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        var seen = new StringBuilder();
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                Thread.ofVirtual().start(() -> errors.lines().forEach(rest -> {}));
                return URI.create(listening.group(1));
            }
            seen.append(line).append('\n');
        }
        throw new IllegalStateException("chromium did not start:\n" + seen);
    }

    /** Opens an address, and waits until it is loaded. */
    public Chromium open(URI address) {
        loaded = new CompletableFuture<>();
        requests.clear();
        complaints.clear();
        tools.call("Page.navigate", Map.of("url", address.toString()));
        DevTools.within(loaded, "loading " + address);
        return this;
    }

    /** A screen of this size; with less than 700 pixels, a phone's. */
    public Chromium screen(int width, int height) {
        tools.call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 700));
        return this;
    }

    /** Whether the user prefers a dark page. */
    public Chromium dark(boolean dark) {
        tools.call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        return this;
    }

    /** Whether pages may run scripts. */
    public Chromium scripts(boolean allowed) {
        tools.call("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
        return this;
    }

    /** The value of an expression in the page. */
    public JsonNode evaluate(String expression) {
        JsonNode result = tools.call(
                "Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /**
     * Waits until a condition holds in the page.
     *
     * @param condition an expression
     * @throws IllegalStateException if it does not come to hold; it has the text of the page
     */
    public Chromium await(String condition) {
        evaluate("""
                new Promise((holds, never) => {
                  const begun = Date.now();
                  const look = () => {
                    if (%s) holds(true);
                    else if (Date.now() - begun > %d) never(new Error('never: ' + document.body.innerText));
                    else setTimeout(look, 20);
                  };
                  look();
                })""".formatted(condition, Duration.ofSeconds(30).toMillis()));
        return this;
    }

    /** Types into whatever has the focus. */
    public Chromium type(String text) {
        tools.call("Input.insertText", Map.of("text", text));
        return this;
    }

    /** Presses a key: {@code Tab}, {@code Enter}, {@code Escape}. */
    public Chromium press(String key) {
        int code = switch (key) {
            case "Tab" -> 9;
            case "Enter" -> 13;
            case "Escape" -> 27;
            default -> throw new IllegalArgumentException(key);
        };
        var down = new HashMap<String, Object>(
                Map.of("type", "keyDown", "key", key, "code", key, "windowsVirtualKeyCode", code));
        if (key.equals("Enter")) {
            down.put("text", "\r");
        }
        tools.call("Input.dispatchKeyEvent", down);
        tools.call(
                "Input.dispatchKeyEvent",
                Map.of("type", "keyUp", "key", key, "code", key, "windowsVirtualKeyCode", code));
        return this;
    }

    /** A picture of the whole page, as PNG. */
    public byte[] screenshot() {
        return screenshot(true);
    }

    /** A picture of what the screen shows of the page, as PNG. */
    public byte[] viewport() {
        return screenshot(false);
    }

    private byte[] screenshot(boolean whole) {
        return Base64.getDecoder()
                .decode(tools.call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", whole))
                        .path("data")
                        .asText());
    }

    /** The page on A4, as PDF. */
    public byte[] print() {
        return Base64.getDecoder()
                .decode(tools.call(
                                "Page.printToPDF",
                                Map.of(
                                        "paperWidth",
                                        8.27,
                                        "paperHeight",
                                        11.69,
                                        "printBackground",
                                        false,
                                        "preferCSSPageSize",
                                        true))
                        .path("data")
                        .asText());
    }

    /** The addresses that were asked for since the page was opened, the page's own first. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Errors and warnings that were logged, exceptions among them, since the page was opened. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    private void event(String name, JsonNode params) {
        switch (name) {
            case "Page.loadEventFired" -> loaded.complete(null);
            case "Network.requestWillBeSent" ->
                requests.add(params.path("request").path("url").asText());
            case "Runtime.exceptionThrown" ->
                complaints.add(params.path("exceptionDetails").toString());
            case "Log.entryAdded" ->
                complaints.add(params.path("entry").path("text").asText());
            default -> {}
        }
    }

    @Override
    public void close() {
        tools.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor();
            try (Stream<Path> files = Files.walk(profile)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
