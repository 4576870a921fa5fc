package dev.tidemark.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The programs of a system with a Maven and JDKs that only write down what they are told. */
final class FakePrograms {

    /** The exit code of the fake Java, where it is not to learn. */
    static final int OF_JAVA = 5;

    /** All that the launcher needs of a system, beside Maven and a JDK. */
    private static final List<String> TOOLS = List.of(
            "cat",
            "cksum",
            "find",
            "flock",
            "grep",
            "head",
            "ls",
            "mkdir",
            "mv",
            "nice",
            "readlink",
            "rm",
            "sed",
            "setsid",
            "sleep",
            "tail",
            "tr");

    private static final String MAVEN = """
      #!/bin/sh
      echo "mvn $*" >> "$PROJECT/maven-calls"
      cat "$PROJECT/maven-output"
      while [ -e "$PROJECT/maven-works" ]; do sleep 0.1; done
      [ ! -e "$PROJECT/maven-fails" ] || exit 7
      mkdir -p "$PROJECT/cli/target/tidemark/lib"
      : > "$PROJECT/cli/target/tidemark/lib/tidemark.jar"
      : > "$PROJECT/cli/target/tidemark/complete"
      """;

    private static final String JAVA = """
      #!/bin/sh
      for argument in "$@"; do
          case $argument in
              -XX:AOTCacheOutput=* | -XX:ArchiveClassesAtExit=*) cache=${argument#*=} ;;
              warm-up)
                  echo "$$" >> "$PROJECT/learners"
                  echo "this is hard"
                  while [ -e "$PROJECT/java-learns" ]; do sleep 0.1; done
                  [ ! -e "$PROJECT/java-fails" ] || exit 9
                  echo learnt > "$cache"
                  exit 0
                  ;;
          esac
      done
      printf '%s\\n' "$0" "$@" > "$PROJECT/java-arguments"
      export -p > "$PROJECT/java-environment"
      while [ -e "$PROJECT/java-runs" ]; do sleep 0.1; done
      exit 5
      """;

    static final String MAVEN_OUTPUT = """
      [INFO] Scanning for projects...
      [INFO] Downloading from central: https://repo.example/maven2/org/apache/kafka/kafka-clients/4/kafka-clients-4.pom
      [INFO] Building Tidemark 0.1.0-SNAPSHOT                                  [1/3]
      [INFO] --- maven-toolchains-plugin:3.3.0:select-jdk-toolchain (default) @ tidemark ---
      [INFO] Building Tidemark :: schemas 0.1.0-SNAPSHOT                       [2/3]
      [INFO] Building jar: /somewhere/schemas.jar
      [INFO] Building Tidemark :: cli 0.1.0-SNAPSHOT                           [3/3]
      [INFO] BUILD SUCCESS
      """;

    private FakePrograms() {}

    /** All but a JDK. */
    static void install(Path bin) throws IOException {
        for (String tool : TOOLS) {
            executable(
                    bin.resolve(tool),
                    "#!/bin/sh\nexec " + UnbuiltProject.tool(tool).orElseThrow() + " \"$@\"\n");
        }
        executable(bin.resolve("mvn"), MAVEN);
    }

    static Path jdk(Path home, String version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\nOS_ARCH=\"x86_64\"\nOS_NAME=\"Linux\"\n");
        executable(home.resolve("bin/java"), JAVA);
        executable(home.resolve("bin/javac"), "#!/bin/sh\n");
        return home;
    }

    static Path executable(Path file, String script) throws IOException {
        Files.writeString(file, script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
