package dev.tidemark.service.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** A properties file with settings. */
final class SettingsFile {

    private SettingsFile() {}

    /**
     * Reads the lines by name.
     *
     * @throws InvalidSettingsException if it can't be read, or has a name that is no setting's
     */
    static Map<String, String> read(Path file) {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new InvalidSettingsException(file + " cannot be read: there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new InvalidSettingsException(file + " is not in UTF-8: save it as UTF-8", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidSettingsException(file + " cannot be read as a properties file: " + e.getMessage(), e);
        }
        var lines = new TreeMap<String, String>();
        for (String name : properties.stringPropertyNames()) {
            if (!name.startsWith(Settings.OWN) && !KafkaProperties.isOne(name)) {
                throw new InvalidSettingsException(
                        name + " (in " + file + ") is no setting: the names begin with TIDEMARK_ or kafka.");
            }
            lines.put(name, properties.getProperty(name));
        }
        return lines;
    }
}
