package dev.tidemark.storage;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The configuration, the layout and the manifests know of no driver, and a driver knows of no other one. */
@AnalyzeClasses(packagesOf = RoomsTest.class, importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {

    private static final String TOP = "dev.tidemark.storage";
    private static final String CONFIG = TOP + ".config..";
    private static final String LAYOUT = TOP + ".layout..";
    private static final String MANIFEST = TOP + ".manifest..";
    /** What drivers of flat objects have in common. */
    private static final String OBJECTS = TOP + ".objects..";

    /** A package that is none of the four is a driver. */
    @ArchTest
    static final ArchRule aDriverKnowsTheConfigurationAndTheLayoutOnly = slices().matching(TOP + ".(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(resideInAPackage(MANIFEST), resideInAPackage(LAYOUT))
            .ignoreDependency(
                    resideInAnyPackage(CONFIG, LAYOUT, MANIFEST).negate(), resideInAnyPackage(CONFIG, LAYOUT, OBJECTS));

    @ArchTest
    static final ArchRule onlyOneClassKnowsEveryDriver = noClasses()
            .that()
            .resideInAnyPackage(TOP, CONFIG, LAYOUT, MANIFEST)
            .and()
            .doNotHaveFullyQualifiedName(Drivers.class.getName())
            .should()
            .dependOnClassesThat(resideInAPackage(TOP + "..")
                    .and(resideInAnyPackage(TOP, CONFIG, LAYOUT, MANIFEST).negate()));

    @ArchTest
    static final ArchRule theConfigurationIsOfNoStorage = noClasses()
            .that()
            .resideInAPackage(CONFIG)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(TOP);
}
