package dev.tidemark.cli.ui;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.service.http.HttpAnswer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The questions and actions of the page, each as the command that it is. */
final class Api {

    private static final Pattern OF_RUN = Pattern.compile("/api/runs/([^/]+)(/.+)?");
    private static final String HTML = "text/html; charset=utf-8";
    private static final String NO_REGISTRY =
            "no registry is named: start tidemark ui with --registry and its config.yml, or its storage root directory";
    private static final Set<String> WOULD_END = Set.of(Run.State.WAITING.word(), Run.State.SWEEPING.word());

    private final Place place;
    private final State state;
    private final Reading reading;
    private final Acting acting;

    /**
     * The things that the page may show and offer.
     *
     * @param local whether the topics are in a data directory
     * @param options that name the topics, as they are typed
     */
    record State(
            String name,
            boolean local,
            String registry,
            boolean readOnly,
            String version,
            boolean canRun,
            boolean canUndo,
            boolean canTry,
            List<String> options) {

        static State of(Place place, boolean readOnly, String version) {
            boolean registry = place.registry().isPresent();
            return new State(
                    place.name(),
                    place.local(),
                    place.registry().map(Object::toString).orElse(null),
                    readOnly,
                    version,
                    !place.local() && !readOnly,
                    registry && !readOnly,
                    registry && !readOnly && place.local(),
                    place.options());
        }
    }

    /**
     * The answers at one address.
     *
     * @param read by what stands behind the {@code ?}, decoded; null if it can't be read
     * @param act by the body; null if nothing can be done there
     * @param runs whether a command is run for it
     */
    record Address(Function<Map<String, String>, HttpAnswer> read, Function<JsonNode, HttpAnswer> act, boolean runs) {

        static Address read(Function<Map<String, String>, HttpAnswer> read) {
            return new Address(read, null, true);
        }

        static Address act(Function<JsonNode, HttpAnswer> act) {
            return new Address(null, act, true);
        }
    }

    Api(Place place, State state, Reading reading, Acting acting) {
        this.place = place;
        this.state = state;
        this.reading = reading;
        this.acting = acting;
    }

    boolean readOnly() {
        return state.readOnly();
    }

    /** The answers at a path; empty if there are none. */
    Optional<Address> at(String path) {
        return Optional.ofNullable(
                switch (path) {
                    case "/api/state" -> new Address(query -> Answers.json(state), null, false);
                    case "/api/runs" -> new Address(query -> read(words("runs"), List.of()), this::run, true);
                    case "/api/trash" ->
                        Address.read(query -> ofRegistry(registry -> reading.storage(
                                List.of("trash", "list", "--format", "json", "--", registry), Answers::document)));
                    case "/api/explain" -> Address.read(this::explain);
                    case "/api/policy" -> Address.act(this::tryPolicy);
                    default -> ofRun(path).orElse(null);
                });
    }

    private Optional<Address> ofRun(String path) {
        Matcher matcher = OF_RUN.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Optional<String> run = RunId.parse(matcher.group(1)).map(RunId::toString);
        return run.map(id -> switch (Optional.ofNullable(matcher.group(2)).orElse("")) {
            case "" -> Address.read(query -> read(words("show"), List.of(id)));
            case "/report" -> Address.read(query -> read(words("report"), List.of(id)));
            case "/report.html" -> Address.read(query -> report(id));
            case "/approve" -> Address.act(body -> acting.lines(typed(words("approve", "--detach"), List.of(id))));
            case "/cancel" -> Address.act(body -> acting.linesAtOnce(typed(words("cancel"), List.of(id))));
            case "/undo" -> Address.act(body -> undo(id, body));
            default -> null;
        });
    }

    private HttpAnswer read(List<String> words, List<String> names) {
        return reading.topics(typed(json(words), names), Answers::document);
    }

    private static List<String> json(List<String> words) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of("--format", "json"));
        return all;
    }

    /** A command with its options and those that name the topics. */
    private List<String> words(String command, String... options) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of(options));
        words.addAll(place.options());
        return words;
    }

    /** The same with its arguments: whatever they are, they are no options. */
    private static List<String> typed(List<String> words, List<String> names) {
        List<String> all = new ArrayList<>(words);
        all.add("--");
        all.addAll(names);
        return List.copyOf(all);
    }

    private HttpAnswer report(String run) {
        return reading.topics(
                typed(words("report", "--output", "-"), List.of(run)),
                outcome -> HttpAnswer.of(Answers.OK, HTML, outcome.out())
                        .with("Content-Disposition", "attachment; filename=\"tidemark-report-" + run + ".html\""));
    }

    private HttpAnswer explain(Map<String, String> query) {
        String subject = query.getOrDefault("subject", "");
        if (subject.isBlank()) {
            return Answers.refused(Answers.MISUSE, "name a digest, REPO:TAG or REPO@DIGEST: ?subject=");
        }
        if (!query.containsKey("run")) {
            return read(words("explain"), List.of(subject));
        }
        return RunId.parse(query.get("run"))
                .map(run -> read(words("explain", "--run", run.toString()), List.of(subject)))
                .orElseGet(() -> Answers.refused(Answers.NOT_THERE, "there is no such run"));
    }

    private HttpAnswer run(JsonNode body) {
        if (place.local()) {
            return Answers.refused(Answers.MISUSE, "no services wait for a run: type tidemark collect on this machine");
        }
        JsonNode untagged = body.path("deleteUntagged");
        if (!untagged.isMissingNode() && !untagged.isBoolean()) {
            return Answers.refused(Answers.MISUSE, "say {\"deleteUntagged\": true} or false, or {}");
        }
        List<String> words = words("run", "--dry-run", "--detach");
        if (untagged.booleanValue()) {
            words.add("--delete-untagged");
        }
        return acting.lines(words);
    }

    private HttpAnswer undo(String run, JsonNode body) {
        JsonNode dryRun = body.path("dryRun");
        if (!dryRun.isBoolean()) {
            return Answers.refused(Answers.MISUSE, "say {\"dryRun\": true} to look, or false to do it");
        }
        return ofRegistry(registry -> {
            List<String> words = words("undo", "--format", "json");
            if (dryRun.booleanValue()) {
                words.add("--dry-run");
            }
            return acting.document(typed(words, List.of(run, registry)));
        });
    }

    private HttpAnswer tryPolicy(JsonNode body) {
        JsonNode policy = body.path("policy");
        if (!policy.isTextual()) {
            return Answers.refused(Answers.MISUSE, "say {\"policy\": \"its text, as YAML\"}");
        }
        if (!place.local()) {
            return Answers.refused(Answers.MISUSE, "on a cluster, type tidemark run --dry-run --policy FILE");
        }
        return ofRegistry(registry -> acting.onFile("policy", policy.textValue(), this::waiting, file -> {
            List<String> words = new ArrayList<>(List.of("policy"));
            words.addAll(words("try", "--format", "json"));
            return typed(words, List.of(file.toString(), registry));
        }));
    }

    /**
     * The answer that a policy is not tried: a run waits for somebody to approve it, or, once approved, for the next
     * collection; or nobody can tell.
     */
    private Optional<HttpAnswer> waiting() {
        Outcome runs = acting.look(typed(json(words("runs")), List.of()));
        if (!runs.done()) {
            return Optional.of(Answers.failed(runs));
        }
        try {
            JsonNode latest = JsonSerde.MAPPER.readTree(runs.out()).path(0);
            return WOULD_END.contains(latest.path("state").asText())
                    ? Optional.of(Answers.refused(
                            Answers.BUSY,
                            "to try a policy is a run, and would end the run "
                                    + latest.path("run").asText() + ", which waits: have it swept, or cancel it"))
                    : Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("the runs are a document", e);
        }
    }

    private HttpAnswer ofRegistry(Function<String, HttpAnswer> answer) {
        return place.registry()
                .map(registry -> answer.apply(registry.toString()))
                .orElseGet(() -> Answers.refused(Answers.MISUSE, NO_REGISTRY));
    }
}
