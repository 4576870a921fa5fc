package dev.tidemark.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.config.InvalidConfigurationException;
import dev.tidemark.storage.config.StorageSettings.Azure;
import org.junit.jupiter.api.Test;

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
}
