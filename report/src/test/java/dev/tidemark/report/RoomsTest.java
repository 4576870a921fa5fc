package dev.tidemark.report;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The page is drawn from the data, which know of no page. */
@AnalyzeClasses(packagesOf = RoomsTest.class, importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {

    @ArchTest
    static final ArchRule theDataKnowOfNoPage = noClasses()
            .that()
            .resideInAPackage("..report.data..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..report.page..");

    @ArchTest
    static final ArchRule thePageAsksNoIndex = noClasses()
            .that()
            .resideInAPackage("..report.page..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.sql..");
}
