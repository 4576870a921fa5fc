package dev.tidemark.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A policy is decided by nothing but its text and what is asked: no file, no clock, no storage, no Kafka. */
@AnalyzeClasses(packagesOf = RoomsTest.class, importOptions = DoNotIncludeTests.class)
class RoomsTest {

    @ArchTest
    static final ArchRule THE_MODULE_IS_PURE = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.tidemark.policy..",
                    "dev.tidemark.schemas",
                    "dev.tidemark.schemas.text",
                    "com.google.re2j",
                    "org.yaml.snakeyaml..",
                    "com.fasterxml.jackson..",
                    "java.lang..",
                    "java.math",
                    "java.time..",
                    "java.util..");
}
