package dev.tidemark.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CurrentUserTest {

    @Test
    void aNameIsTakenAsItIs() {
        assertThat(CurrentUser.name("registry")).isEqualTo("registry");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aUserWithoutANameIsANumber(@TempDir Path own) throws IOException {
        String number = "uid " + Files.getAttribute(own, "unix:uid");

        assertThat(CurrentUser.name("?")).isEqualTo(number);
        assertThat(CurrentUser.name(null)).isEqualTo(number);
    }
}
