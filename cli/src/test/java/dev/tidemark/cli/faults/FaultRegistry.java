package dev.tidemark.cli.faults;

import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.file.Path;

/** A registry with something of everything to delete, and to keep. */
final class FaultRegistry {

    static final int IMAGES = 120;

    private FaultRegistry() {}

    static RegistryOnDisk make(Path root) {
        return make(root, IMAGES);
    }

    static RegistryOnDisk make(Path root, int images) {
        RegistryOnDisk registry = RegistryOnDisk.at(root);
        var app = registry.repo("team/app");
        var other = registry.repo("team/other");
        for (int i = 0; i < images; i++) {
            String image = app.image("image " + i);
            app.tag("latest", image);
            other.link(image);
            if (i % 3 == 0) {
                app.tag("v" + i, image);
            } else {
                other.tag("old", image);
            }
            registry.blob("orphan " + i);
            registry.repo("many/r" + i).link(image);
            if (i % 5 == 0) {
                registry.repo("many/r" + i).tag("t", image);
            }
        }
        return registry;
    }
}
