package dev.tidemark.sweeper;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;

/** The order of deletions is pure, what is looked at again knows of no deletion, and in one place files are deleted. */
@AnalyzeClasses(packagesOf = RoomsTest.class, importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {

    @ArchTest
    static final ArchRule theOrderOfDeletionsKnowsNeitherKafkaNorTheStorage = noClasses()
            .that()
            .belongToAnyOf(Batch.class, DeletionOrder.class, PartitionProgress.class, WhyKept.class)
            .should()
            .transitivelyDependOnClassesThat()
            .resideInAnyPackage("dev.tidemark.kafka..", "dev.tidemark.storage..")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "org.slf4j..");

    @ArchTest
    static final ArchRule theSecondLookKnowsOfNoDeletion = classes()
            .that()
            .belongToAnyOf(SecondLook.class, SharedLook.class, YoungLinks.class)
            .should()
            .onlyDependOnClassesThat(
                    belongToAnyOf(SecondLook.class, SharedLook.class, YoungLinks.class, Nominee.class, Referrers.class)
                            .or(resideInAPackage("dev.tidemark.sweeper").negate()));

    /** A proof deletes what its own upload has left. */
    @ArchTest
    static final ArchRule filesAreDeletedInOnePlace = noClasses()
            .that()
            .doNotBelongToAnyOf(Deleter.class, StorageProof.class)
            .should()
            .accessTargetWhere(target(nameMatching("delete(All)?")).and(targetOwner(assignableTo(Storage.class))));

    @ArchTest
    static final ArchRule filesGoIntoTheTrashInTheSamePlace = noClasses()
            .that()
            .doNotBelongToAnyOf(Deleter.class)
            .should()
            .accessTargetWhere(target(nameMatching("take")).and(targetOwner(assignableTo(Trash.class))));

    @ArchTest
    static final ArchRule filesAreDestroyedInOnePlace = noClasses()
            .that()
            .doNotBelongToAnyOf(TrashLooks.class)
            .should()
            .accessTargetWhere(target(nameMatching("purge")).and(targetOwner(assignableTo(Trash.class))));

    @ArchTest
    static final ArchRule directoriesAreRemovedInTwo = noClasses()
            .that()
            .doNotBelongToAnyOf(Deleter.class, EmptyDirectories.class, StorageProof.class)
            .should()
            .accessTargetWhere(target(nameMatching("prune")).and(targetOwner(assignableTo(Storage.class))));
}
