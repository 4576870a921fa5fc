package dev.tidemark.cli.launcher;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Calls of the launcher of a project that is not built yet, by several shells. */
abstract class LauncherCalls {

    static final List<String> SH = List.of("/bin/sh");

    @TempDir
    Path directory;

    UnbuiltProject project;

    static List<List<String>> shells() {
        return UnbuiltProject.shells();
    }

    @BeforeEach
    void aProject() {
        project = new UnbuiltProject(directory);
    }

    @AfterEach
    void nobodyStays() {
        project.close();
    }
}
