package dev.tidemark.service.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar, with the commit and its date where it was built from a clone. */
public final class Version implements IVersionProvider {

    private static final String COMMIT = "commit.properties";

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"tidemark " + (version == null ? "(not packaged)" : version) + commit()};
    }

    private static String commit() {
        try (InputStream file = Version.class.getResourceAsStream(COMMIT)) {
            if (file == null) {
                return "";
            }
            var commit = new Properties();
            commit.load(file);
            String id = commit.getProperty("git.commit.id.abbrev");
            return id == null ? "" : " (commit %s, %s)".formatted(id, commit.getProperty("git.commit.time"));
        } catch (IOException e) {
            throw new UncheckedIOException(COMMIT + " in the program's own jar cannot be read", e);
        }
    }
}
