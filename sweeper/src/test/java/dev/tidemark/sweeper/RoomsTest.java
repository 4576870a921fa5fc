package dev.tidemark.sweeper;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.tidemark.testkit.Rooms.room;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.sweeper.delete.Deleter;
import dev.tidemark.sweeper.delete.EmptyDirectories;
import dev.tidemark.testkit.Rooms;

/**
 * The rooms of this module: what each is for, and which others it may use. The order of deletions is pure, what is
 * looked at again knows of no deletion, and in one place files are deleted.
 */
@AnalyzeClasses(packages = RoomsTest.MODULE, importOptions = DoNotIncludeTests.class)
class RoomsTest {

    static final String MODULE = "dev.tidemark.sweeper";

    /** Asks the registry whether it has forgotten, with an upload of its own that it deletes. */
    private static final String PROOF_OF_A_REPLICA = ".*\\.cache\\.StorageProof";

    @ArchTest
    static final ArchRule A_ROOM_USES_NO_OTHERS_THAN_THESE = Rooms.of(
            MODULE,
            // The sweep of a run from the trash, back into the registry.
            room("undo", "trash"),
            // The trash of a registry: looked after, restored from, purged.
            room("trash", "cache", "look", "verify"),
            // A sweep verified afterwards: all that live manifests need is there.
            room("verify", "look", "order"),
            // Files looked at one last time, and deleted or moved to the trash.
            room("delete", "cache", "look", "order"),
            // May a run be swept: asked for, proved, let through, of the storage here, its tags gone first.
            room("permission", "order"),
            // The second look: all that is young, held or pulled, or referenced by such a one.
            room("look"),
            // The registry's cache told what is gone: in Redis, or in the memory of its replicas.
            room("cache", "order"),
            // What is deleted, in which order, and how far a partition is.
            room("order"));

    @ArchTest
    static final ArchRule ROOMS_ARE_FREE_OF_CYCLES =
            slices().matching(MODULE + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_ORDER_OF_DELETIONS_KNOWS_NEITHER_KAFKA_NOR_THE_STORAGE = noClasses()
            .that()
            .resideInAPackage(MODULE + ".order..")
            .should()
            .transitivelyDependOnClassesThat()
            .resideInAnyPackage("dev.tidemark.kafka..", "dev.tidemark.storage..")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "org.slf4j..");

    @ArchTest
    static final ArchRule FILES_ARE_DELETED_IN_ONE_PLACE = noClasses()
            .that()
            .doNotBelongToAnyOf(Deleter.class)
            .and()
            .haveNameNotMatching(PROOF_OF_A_REPLICA)
            .should()
            .accessTargetWhere(target(nameMatching("delete(All)?")).and(targetOwner(assignableTo(Storage.class))));

    @ArchTest
    static final ArchRule FILES_GO_INTO_THE_TRASH_IN_THE_SAME_PLACE = noClasses()
            .that()
            .doNotBelongToAnyOf(Deleter.class)
            .should()
            .accessTargetWhere(target(nameMatching("take")).and(targetOwner(assignableTo(Trash.class))));

    @ArchTest
    static final ArchRule FILES_ARE_DESTROYED_IN_ONE_PLACE = noClasses()
            .that()
            .haveNameNotMatching(".*\\.trash\\.TrashLooks(\\$.*)?")
            .should()
            .accessTargetWhere(target(nameMatching("purge")).and(targetOwner(assignableTo(Trash.class))));

    @ArchTest
    static final ArchRule DIRECTORIES_ARE_REMOVED_IN_TWO = noClasses()
            .that()
            .doNotBelongToAnyOf(Deleter.class, EmptyDirectories.class)
            .and()
            .haveNameNotMatching(PROOF_OF_A_REPLICA)
            .should()
            .accessTargetWhere(target(nameMatching("prune|removeEmpty")).and(targetOwner(assignableTo(Storage.class))));
}
