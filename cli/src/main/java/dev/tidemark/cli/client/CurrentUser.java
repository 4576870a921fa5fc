package dev.tidemark.cli.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user that this process belongs to. */
public final class CurrentUser {

    /** Java's name of a user that the machine has no name for, as a container's. */
    private static final String NAMELESS = "?";

    private static final Path PROCESS = Path.of("/proc/self");

    private CurrentUser() {}

    /** The user's name; {@code uid 1000} if there is no name for that number. */
    public static String name() {
        return name(System.getProperty("user.name"));
    }

    static String name(String ofJava) {
        if (ofJava != null && !ofJava.isBlank() && !ofJava.equals(NAMELESS)) {
            return ofJava;
        }
        try {
            return "uid " + Files.getAttribute(PROCESS, "unix:uid");
        } catch (IOException | UnsupportedOperationException e) {
            // Neither Java nor the system says more.
            return NAMELESS;
        }
    }
}
