package dev.tidemark.evidence;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * A run is audited, explained, compared and replayed by its index. Of these none knows another, and the index knows
 * none of them.
 */
@AnalyzeClasses(packagesOf = RoomsTest.class, importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {

    private static final String INDEX = "dev.tidemark.evidence.index..";
    private static final String[] ON_THE_INDEX = {
        "dev.tidemark.evidence.audit..",
        "dev.tidemark.evidence.explain..",
        "dev.tidemark.evidence.compare..",
        "dev.tidemark.evidence.policy.."
    };

    @ArchTest
    static final ArchRule aRoomKnowsNothingButTheIndex = slices().matching("dev.tidemark.evidence.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(resideInAnyPackage(ON_THE_INDEX), resideInAPackage(INDEX));
}
