package dev.tidemark.cli.chart;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A copy of the chart, rendered by Helm itself. Helm leaves out tests when it renders: in the copy they are objects as
 * all others.
 */
final class Chart {

    static final Path SOURCE = Path.of("../deploy/helm/tidemark");
    static final String NAMESPACE = "images";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HOOK = "    helm.sh/hook: test\n";

    private final Path copy;

    /** @param copy a directory that is not there yet */
    Chart(Path copy) throws IOException {
        this.copy = copy;
        try (Stream<Path> files = Files.walk(SOURCE)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(SOURCE.relativize(file).toString()));
            }
        }
        Path test = copy.resolve("templates/tests/reach.yaml");
        Files.writeString(test, Files.readString(test).replace(HOOK, ""));
    }

    /** Helm's library is there for Linux on x86-64: elsewhere these tests are skipped. */
    static void assumeHelm() {
        assumeTrue(runs(), "Helm's native library does not run here: skipped");
    }

    private static boolean runs() {
        try {
            return !Helm.version().call().isBlank();
        } catch (IllegalStateException | LinkageError e) {
            return false;
        }
    }

    /**
     * The objects that a release has.
     *
     * @param values the file that a user writes
     * @throws IllegalStateException if they are refused
     */
    List<JsonNode> objects(String values) throws IOException {
        String rendered = new Helm(copy)
                .template()
                .withName("registry")
                .withNamespace(NAMESPACE)
                .withKubeVersion("1.33.0")
                .withValuesFile(file(values))
                .call();
        List<JsonNode> objects = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(rendered)) {
            if (document != null) {
                objects.add(JSON.valueToTree(document));
            }
        }
        return objects;
    }

    /** The notes that Helm prints when the release is installed. */
    String notes(String values) throws IOException {
        return new Helm(copy)
                .install()
                .clientOnly()
                .dryRun()
                .withDryRunOption(DryRun.CLIENT)
                .withName("registry")
                .withNamespace(NAMESPACE)
                .withKubeVersion("1.33.0")
                .withValuesFile(file(values))
                .call()
                .getOutput();
    }

    /** {@code helm lint} takes the chart's own values only: those of the user take the place of defaults there. */
    LintResult lint(String values) throws IOException {
        Path defaults = copy.resolve("values.yaml");
        String before = Files.readString(defaults);
        try {
            Files.writeString(defaults, JSON.writeValueAsString(merged(yaml(before), yaml(values))));
            return new Helm(copy).lint().strict().call();
        } finally {
            Files.writeString(defaults, before);
        }
    }

    private static JsonNode merged(JsonNode defaults, JsonNode values) throws IOException {
        return JSON.readerForUpdating(defaults).readValue(values);
    }

    static JsonNode yaml(String text) {
        return JSON.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(text));
    }

    private Path file(String values) throws IOException {
        return Files.writeString(copy.resolveSibling("values-of-the-user.yaml"), values);
    }
}
