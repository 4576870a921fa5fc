package dev.tidemark.storage.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UploadPurgingTest extends ConfigurationTest {

    @Test
    void aRegistryPurgesUploadsByDefault() throws IOException {
        assertThat(purging("")).isEqualTo(new UploadPurging.On(Duration.ofDays(7)));
        assertThat(purging("  maintenance: {readonly: {enabled: true}}\n")).isEqualTo(purging(""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
      age: 168h    | 168
      age: 720h    | 720
      age: 90m90m  | 3
      age: 1.5h30m | 2
      age: 3600s   | 1
      """)
    void itsAgeIsReadAsGoReadsIt(String age, int hours) throws IOException {
        assertThat(purging(
                        "  maintenance: {uploadpurging: {enabled: true, " + age + ", interval: 24h, dryrun: false}}\n"))
                .isEqualTo(new UploadPurging.On(Duration.ofHours(hours)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
      enabled: false                                          | is not enabled
      enabled: false, age: 168h, interval: 24h, dryrun: false | is not enabled
      enabled: true, age: 168h, interval: 24h, dryrun: true   | only says what it would delete
      age: 168h, interval: 24h, dryrun: true                  | only says what it would delete
      enabled: true, age: 168h, interval: 24h                 | has not all of its keys
      enabled: true, age: 168h, dryrun: false                 | has not all of its keys
      enabled: true, interval: 24h, dryrun: false             | has no age that can be read
      enabled: true, age: 7d, interval: 24h, dryrun: false    | has no age that can be read
      enabled: true, age: 168, interval: 24h, dryrun: false   | has no age that can be read
      """)
    void whereTheOperatorWantsThemTheyAreLeftAlone(String keys, String why) throws IOException {
        assertThat(purging("  maintenance: {uploadpurging: {" + keys + "}}\n"))
                .isInstanceOfSatisfying(
                        UploadPurging.Off.class,
                        off -> assertThat(off.why())
                                .startsWith("the registry's storage.maintenance.uploadpurging ")
                                .contains(why));
    }

    @Test
    void aSectionWithoutKeysIsNotUnderstood() throws IOException {
        assertThat(purging("  maintenance: {uploadpurging: }\n")).isInstanceOf(UploadPurging.Off.class);
    }

    @Test
    void theEnvironmentCountsAsElsewhere() throws IOException {
        String section = "  maintenance: {uploadpurging: {enabled: true, age: 168h, interval: 24h, dryrun: false}}\n";

        assertThat(purging(section, "REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_ENABLED", "false"))
                .isInstanceOf(UploadPurging.Off.class);
        assertThat(purging(section, "REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_AGE", "336h"))
                .isEqualTo(new UploadPurging.On(Duration.ofDays(14)));
        assertThat(purging("", "REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_ENABLED", "false"))
                .isInstanceOf(UploadPurging.Off.class);
    }

    private UploadPurging purging(String section) throws IOException {
        return purging(section, "X", "");
    }

    private UploadPurging purging(String section, String variable, String value) throws IOException {
        return RegistryConfiguration.read(file(FILESYSTEM + section), Map.of(variable, value))
                .purging();
    }
}
