package dev.tidemark.testkit;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;

/** The packages of a module, and which others each may use. */
public final class Rooms {

    private Rooms() {}

    public record Room(String name, String... uses) {}

    public static Room room(String name, String... uses) {
        return new Room(name, uses);
    }

    /** A room uses no others than are said, and none the module's own package. Every class is in one of them. */
    public static ArchRule of(String module, Room... rooms) {
        LayeredArchitecture rule = layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(module + "..")
                .ensureAllClassesAreContainedInArchitecture()
                .optionalLayer(module)
                .definedBy(module);
        for (Room room : rooms) {
            rule = rule.layer(room.name()).definedBy(module + "." + room.name() + "..");
        }
        rule = rule.whereLayer(module).mayNotBeAccessedByAnyLayer();
        for (Room room : rooms) {
            rule = room.uses().length == 0
                    ? rule.whereLayer(room.name()).mayNotAccessAnyLayer()
                    : rule.whereLayer(room.name()).mayOnlyAccessLayers(room.uses());
        }
        return rule;
    }
}
