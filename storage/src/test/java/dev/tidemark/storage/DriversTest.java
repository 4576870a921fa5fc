package dev.tidemark.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.config.InvalidConfigurationException;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.config.StorageSettings.Azure;
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
    @CsvSource(delimiter = '|', textBlock = """
        oss      | the same bucket can be reached by the driver 's3'
        swift    | the images can be copied to a registry with the driver 's3'
        inmemory | what is in memory is gone with the registry's process
        other    | only 'filesystem', 's3', 'azure' and 'gcs' are
        """)
    void aDriverThatIsNotSupportedIsOneLineThatSaysWhatToDo(String driver, String instead) {
        var settings = new StorageSettings.Unsupported(driver, Map.of());

        assertThatThrownBy(() -> Drivers.open(settings, true, new Calls()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageStartingWith("the storage driver '" + driver + "' is not supported yet")
                .hasMessageEndingWith(instead);
    }
}
