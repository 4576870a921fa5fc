package dev.tidemark.enumerator.lead;

import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry on disk, and what its enumeration publishes. */
abstract class EnumeratedRegistry {

    @TempDir
    Path directory;

    RegistryOnDisk registry;
    RepositoryOnDisk app;
    WholeEnumeration enumeration;
    final List<Hold> holds = new ArrayList<>();

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("team/app");
    }

    RunRecord.Enumerated enumerate(Consumer<String> before) {
        enumeration = new WholeEnumeration(registry, holds, before);
        return enumeration.run();
    }
}
