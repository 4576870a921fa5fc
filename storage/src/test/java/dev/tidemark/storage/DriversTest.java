package dev.tidemark.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.config.InvalidConfigurationException;
import dev.tidemark.storage.config.StorageSettings.Azure;
import dev.tidemark.storage.config.StorageSettings.Unsupported;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** This module has none of the drivers that are modules of their own. */
class DriversTest {

    @Test
    void aDriverThatIsNotInstalledIsOneLine() {
        var azure = new Azure("acme", "images", "", "https://acme", new Azure.DefaultCredentials(), false);

        assertThatThrownBy(() -> Drivers.open(azure, true, new Calls()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageStartingWith("the storage driver 'azure' is not installed: its jars are not in /")
                .hasMessageEndingWith("/drivers/azure");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "oss|with 's3', by the S3-compatible endpoint of OSS",
                "swift|Copy the images to a registry that writes there with 's3'",
                "inmemory|gone when it is restarted",
                "floppy|only 'filesystem', 's3', 'azure' and 'gcs' are",
            })
    void aDriverThatIsMissingIsRefusedWithWhatToDoInstead(String driver, String words) {
        assertThatThrownBy(() -> Drivers.open(new Unsupported(driver, Map.of()), false, new Calls()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageStartingWith("the storage driver '" + driver + "' is not supported: ")
                .hasMessageContaining(words)
                .hasMessageNotContaining("\n");
    }
}
