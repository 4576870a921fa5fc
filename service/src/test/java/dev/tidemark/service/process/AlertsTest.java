package dev.tidemark.service.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts for Prometheus that are shipped. */
class AlertsTest {

    private static final Path GUIDE = Path.of("../docs/alerts.md");
    private static final Path TESTS = Path.of("../deploy/prometheus/alerts-test.yml");

    @TempDir
    private Path directory;

    @Test
    void alertsFireWhenTheyShould() throws Exception {
        assumeTrue(isOnPath("promtool"), "promtool, of Debian's prometheus, is not installed: skipped");
        Path said = directory.resolve("said");

        Process promtool = new ProcessBuilder("promtool", "test", "rules", TESTS.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(promtool.waitFor(10, TimeUnit.MINUTES)).isTrue();

        assertThat(promtool.exitValue()).as(Files.readString(said)).isZero();
        assertThat(said).content().contains("SUCCESS");
    }

    @Test
    void eachAlertHasATestInWhichItFires() throws Exception {
        String tests = Files.readString(TESTS);

        assertThat(Alert.shipped())
                .allSatisfy(alert -> assertThat(tests)
                        .containsPattern("alertname: " + alert.name()
                                + ",? *(\\n +)?eval_time: \\w+,?\\s+exp_alerts: *(&\\w+)? *(\\n +- |\\[\\{|\\*)"));
    }

    /** An alert leads to the section of the guide that says what to do, and each section is of an alert. */
    @Test
    void eachAlertHasASectionInTheGuide() throws Exception {
        List<String> sections = Pattern.compile("(?m)^### (.*)$")
                .matcher(Files.readString(GUIDE))
                .results()
                .map(heading -> heading.group(1))
                .toList();

        assertThat(Alert.shipped()).extracting(Alert::name).containsExactlyElementsOf(sections);
        assertThat(Alert.shipped())
                .extracting(Alert::annotations)
                .extracting(annotations -> annotations.get("runbook_url"))
                .containsExactlyElementsOf(sections.stream()
                        .map(name -> "docs/alerts.md#" + name.toLowerCase(Locale.ROOT))
                        .toList());
    }

    @Test
    void eachAlertSaysWhatIsWrongAndWhatToDo() throws Exception {
        assertThat(Alert.shipped())
                .extracting(Alert::annotations)
                .extracting(Map::keySet)
                .allSatisfy(
                        said -> assertThat(said).containsExactlyInAnyOrder("summary", "description", "runbook_url"));
    }

    private static boolean isOnPath(String tool) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, tool)));
    }
}
