package dev.tidemark.cli.launcher;

import static dev.tidemark.cli.launcher.FakePrograms.OF_JAVA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.launcher.UnbuiltProject.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The launcher of a program that was unpacked or installed: nothing is built, and a Java that comes along is taken. */
@EnabledOnOs(OS.LINUX)
class InstalledLauncherTest extends LauncherCalls {

    private static final Map<String, String> NO_CACHE = Map.of("TIDEMARK_STARTUP_CACHE", "off");

    @BeforeEach
    void installed() throws IOException {
        Files.createDirectories(project.resolve("lib"));
        project.write("lib/tidemark-cli-0.1.jar", "");
        project.write("complete", "");
    }

    @Test
    void theProgramBesideItIsRunAndNothingIsBuilt() throws IOException {
        Call call = project.run(SH, NO_CACHE, "--version");

        assertThat(call.exitCode()).isEqualTo(OF_JAVA);
        assertThat(call.lines()).isEmpty();
        assertThat(project.mavenCalls()).isEmpty();
        assertThat(project.javaArguments())
                .contains(
                        project.resolve("lib/tidemark-cli-0.1.jar").toString(),
                        "-Djava.library.path=" + project.resolve("native"))
                .endsWith("dev.tidemark.cli.Main", "--version");
    }

    @Test
    void aJavaOfItsOwnIsTakenBeforeAllOthers() throws IOException {
        Path own = project.jdk("java", "25.0.2");
        Path other = project.jdk("other", "26.0.1");

        Call call =
                project.run(SH, Map.of("TIDEMARK_STARTUP_CACHE", "off", "JAVA_HOME", other.toString()), "--version");

        assertThat(call.exitCode()).isEqualTo(OF_JAVA);
        assertThat(call.lines()).isEmpty();
        assertThat(project.javaArguments()).startsWith(own + "/bin/java");
    }

    @Test
    void aStartUpCacheThatCameAlongIsUsed() throws IOException {
        project.jdk("java", "25.0.2");
        Files.createDirectories(project.resolve("cache"));
        Path cache = project.write("cache/java-25.0.2.aot", "learnt");

        Call call = project.run(SH, Map.of(), "--version");

        assertThat(call.exitCode()).isEqualTo(OF_JAVA);
        assertThat(project.javaArguments()).contains("-XX:AOTCache=" + cache);
        assertThat(project.resolve("learners")).doesNotExist();
    }

    @Test
    void librariesThatCameAlongAreNotUnpackedAgain() throws IOException {
        Files.createDirectories(project.resolve("native"));
        project.write("native/libsqlitejdbc.so", "");

        Call call = project.run(SH, NO_CACHE, "--version");

        assertThat(call.exitCode()).isEqualTo(OF_JAVA);
        assertThat(project.javaArguments())
                .contains(
                        "-Dorg.sqlite.lib.path=" + project.resolve("native"),
                        "-DZstdNativePath=" + project.resolve("native/libzstd-jni.so"),
                        "-Dorg.xerial.snappy.lib.path=" + project.resolve("native"));
    }
}
