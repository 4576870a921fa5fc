package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.local.DataDirectory;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.schemas.RunId;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an undo brings back is held, where there are topics. */
class UndoHoldIT {

    private static final RunId RUN = new RunId("20261129-030000");

    @TempDir
    private Path directory;

    private final Screen screen = Screen.wide();

    @Test
    void theManifestsAreHeldForAWeekUnlessTheyAreForLonger() {
        var registry = RegistryOnDisk.at(directory.resolve("registry"));
        var app = registry.repo("team/app");
        app.tag("latest", app.image("latest"));
        String one = "team/app@" + app.image("one");
        String two = "team/app@" + app.image("two");
        String data = directory.resolve("home/data").toString();
        String root = registry.root().toString();
        assertThat(new Tidemark(directory.resolve("home"))
                        .collect("--dry-run", root)
                        .exitCode())
                .isZero();
        Tidemark.run("hold", "add", "--data-dir", data, two);

        hold(DataDirectory.openExisting(Path.of(data)), List.of(one, two));

        Map<Boolean, List<JsonNode>> byEnd = Tidemark.run("hold", "list", "--data-dir", data, "--format", "json")
                .summary()
                .valueStream()
                .collect(Collectors.partitioningBy(line -> line.has("until")));
        assertThat(byEnd.get(true)).singleElement().satisfies(line -> {
            assertThat(line.path("of").asText()).isEqualTo(one);
            assertThat(line.path("reason").asText()).isEqualTo("the undo of run " + RUN);
        });
        assertThat(byEnd.get(false))
                .singleElement()
                .satisfies(line -> assertThat(line.path("of").asText()).isEqualTo(two));
        assertThat(new Tidemark(directory.resolve("home"))
                        .collect("-d", "-m", "--min-age", "0", root)
                        .plan())
                .isEmpty();
    }

    private void hold(DataDirectory to, List<String> manifests) {
        try (to;
                Evidence evidence = Evidence.of(to, screen.terminal(), new Output())) {
            UndoHold.of(RUN, manifests, Duration.ofDays(7)).write(evidence);
        }
    }
}
