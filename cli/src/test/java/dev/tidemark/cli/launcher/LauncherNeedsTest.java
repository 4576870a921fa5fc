package dev.tidemark.cli.launcher;

import static dev.tidemark.cli.launcher.FakePrograms.OF_JAVA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.launcher.UnbuiltProject.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the script that starts the command needs of a system, and which Java it takes. */
@EnabledOnOs(OS.LINUX)
@Execution(ExecutionMode.CONCURRENT)
class LauncherNeedsTest extends LauncherCalls {

    // ---- Tools that a newcomer may lack ----

    @ParameterizedTest
    @MethodSource("shells")
    void withoutMavenOneLineSaysWhatToInstall(List<String> shell) throws IOException {
        project.lacks("mvn");

        Call call = project.run(shell, Map.of());

        assertThat(call.lines())
                .containsExactly(
                        "tidemark: not built yet, and Maven (mvn) is not on PATH. The first build needs it, and a "
                                + "JDK of 21 or newer: install both.");
        assertThat(call.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void withoutAJdkOneLineSaysWhatToInstall(List<String> shell) throws IOException {
        Files.delete(project.resolve("jvm/jdk-25/bin/javac"));
        project.jdk("jvm/jdk-17", "17.0.1");

        Call call = project.run(shell, Map.of());

        assertThat(call.lines())
                .containsExactly(
                        "tidemark: no JDK 21 or newer found (in JAVA_HOME, on PATH, under /usr/lib/jvm). Install a "
                                + "JDK, or set JAVA_HOME.");
        assertThat(call.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void withoutFlockItBuildsAndSaysWhatToMind(List<String> shell) throws IOException {
        project.lacks("flock");

        Call call = project.run(shell, Map.of());

        assertThat(call.lines())
                .hasSize(5)
                .startsWith("tidemark: there is no flock on PATH (it is in util-linux): start no second tidemark "
                        + "before this one is built");
        assertThat(call.exitCode()).isEqualTo(OF_JAVA);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void whereNothingCanBeWrittenItIsToBeBuiltByHand(List<String> shell) throws IOException {
        project.write("cli", "no directory");

        Call call = project.run(shell, Map.of());

        assertThat(call.lines())
                .containsExactly("tidemark: not built yet, and " + project.resolve("cli")
                        + " is not writable. Build it there: mvn package");
        assertThat(call.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    // ---- The JDK ----

    @ParameterizedTest
    @MethodSource("shells")
    void aJavaHomeThatIsNotUsedIsNamedWithTheReason(List<String> shell) throws IOException {
        Path old = project.jdk("old", "1.8.0_402");
        Path jre = project.jdk("jre", "21.0.2");
        Files.delete(jre.resolve("bin/javac"));
        String instead = ". Instead: " + project.resolve("jvm/jdk-25") + " (Java 25)";
        String tooOld = "tidemark: JAVA_HOME=" + old + " is not used: it is Java 8, too old" + instead;

        assertThat(project.run(shell, javaHome(old)).lines())
                .containsOnlyOnce(tooOld)
                .hasSize(5);
        assertThat(project.javaArguments())
                .startsWith(project.resolve("jvm/jdk-25/bin/java").toString());
        assertThat(project.run(shell, javaHome(old)).lines()).containsExactly(tooOld);
        assertThat(project.run(shell, javaHome(directory)).lines())
                .containsExactly(
                        "tidemark: JAVA_HOME=" + directory + " is not used: there is no bin/java in it" + instead);

        Files.delete(project.resolve("cli/target/tidemark/complete"));
        assertThat(project.run(shell, javaHome(jre)).lines())
                .contains("tidemark: JAVA_HOME=" + jre + " is not used: it is no JDK, there is no bin/javac in it"
                        + instead);
        assertThat(project.javaArguments()).startsWith(jre.resolve("bin/java").toString());
        assertThat(project.run(shell, javaHome(jre)).lines()).isEmpty();
    }

    @Test
    void whereThereIsNoOtherJavaTheReasonIsSaidAsWell() throws IOException {
        Path old = project.jdk("old", "17");
        Files.delete(project.resolve("jvm/jdk-25/bin/java"));

        assertThat(project.run(SH, javaHome(old)).lines())
                .containsExactly(
                        "tidemark: no JDK 21 or newer found (in JAVA_HOME, on PATH, under /usr/lib/jvm). JAVA_HOME="
                                + old + " is not used: it is Java 17, too old. Install a JDK, or set JAVA_HOME.");
    }

    private static Map<String, String> javaHome(Path home) {
        return Map.of("JAVA_HOME", home.toString(), "TIDEMARK_STARTUP_CACHE", "off");
    }
}
