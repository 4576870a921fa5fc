package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.storage.layout.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command, run in this process as a user types it, with a data directory of its own. */
public final class Tidemark {

    private final Path home;

    public Tidemark(Path home) {
        try {
            this.home = Files.createDirectories(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The output, plan and exit code of a command. */
    public record Result(int exitCode, String out, String err, List<JsonNode> plan) {

        /** The digests of the blobs that are eligible. */
        Set<String> blobs() {
            return of("blob").map(line -> line.path("digest").asText()).collect(Collectors.toCollection(TreeSet::new));
        }

        /** The names of the tags that are eligible. */
        Set<String> tags() {
            return of("tag").map(line -> line.path("tag").asText()).collect(Collectors.toCollection(TreeSet::new));
        }

        /** The uploads that are eligible, as {@code repository, id}. */
        Set<String> uploads() {
            return of("upload")
                    .map(line -> line.path("repository").asText() + ", "
                            + Layout.uploadId(line.path("path").asText()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** The empty directories and repositories that are eligible, by their paths. */
        Set<String> empty() {
            return paths("directory", "repository");
        }

        /** The dangling links that are eligible, by their paths. */
        Set<String> links() {
            return paths("link");
        }

        private Set<String> paths(String... kinds) {
            return Stream.of(kinds)
                    .flatMap(this::of)
                    .map(line -> Layout.leftover(
                            line.path("repository").textValue(),
                            line.path("path").textValue()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** The manifests that are eligible, as {@code repository@digest}. */
        Set<String> manifests() {
            return named("manifest");
        }

        /** The layer links that are eligible, as {@code repository@digest}. */
        Set<String> layers() {
            return named("layer");
        }

        private Set<String> named(String kind) {
            return of(kind).map(line -> line.path("repository").asText() + "@"
                            + line.path("digest").asText())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        private Stream<JsonNode> of(String kind) {
            return plan.stream().filter(line -> line.path("kind").asText().equals(kind));
        }

        /** The summary, of a run with {@code --format json}. */
        public JsonNode summary() {
            try {
                return JsonSerde.MAPPER.readTree(out);
            } catch (IOException e) {
                throw new UncheckedIOException(out + err, e);
            }
        }
    }

    /** Types {@code tidemark collect} with these options, a data directory and a plan. */
    public Result collect(String... arguments) {
        Path plan = home.resolve("plan.jsonl");
        List<String> all = new ArrayList<>(List.of("collect", "--data-dir", data(), "--plan", plan.toString()));
        all.addAll(List.of(arguments));
        try {
            Files.deleteIfExists(plan);
            Result result = run(all.toArray(String[]::new));
            if (!Files.exists(plan)) {
                return result;
            }
            List<JsonNode> lines = new ArrayList<>();
            for (String line : Files.readAllLines(plan)) {
                OutputSchemas.assertValidRecord("eligible", line);
                lines.add(JsonSerde.MAPPER.readTree(line));
            }
            return new Result(result.exitCode(), result.out(), result.err(), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Types {@code tidemark} with these arguments and the data directory. */
    Result type(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data-dir", data()));
        return run(all.toArray(String[]::new));
    }

    private String data() {
        return home.resolve("data").toString();
    }

    /** Types {@code tidemark} with these arguments. A JSON document that it prints has to be as its schema says. */
    public static Result run(String... arguments) {
        Screen screen = Screen.wide();
        int exitCode = Main.run(arguments, screen.terminal());
        OutputSchemas.assertValid(arguments, screen.out());
        return new Result(exitCode, screen.out(), screen.err(), List.of());
    }
}
