package dev.tidemark.service.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;

/** The settings as they are shown to people. */
public final class SettingTexts {

    private SettingTexts() {}

    /**
     * The settings that a service takes, by name, each with its meaning and its default: as plain text, for its help.
     */
    public static Map<String, String> of(String service) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("kafka.…", plain(SettingDefinitions.KAFKA));
        SettingDefinitions.ALL.configKeys().values().stream()
                .filter(key -> key.group.equals(SettingDefinitions.EVERY) || key.group.contains(service))
                .forEach(key -> settings.put(
                        key.name,
                        plain(key.documentation)
                                + (key.defaultValue == null ? "" : " (default: " + key.defaultValue + ")")));
        return settings;
    }

    private static String plain(String markdown) {
        return markdown.replace("`", "");
    }

    /** The table of docs/operations.md, as Markdown. */
    static String table() {
        return "| name | used by | default | meaning |\n| --- | --- | --- | --- |\n"
                + SettingDefinitions.ALL.configKeys().values().stream()
                        .map(SettingTexts::row)
                        .collect(Collectors.joining())
                + "| `kafka.…` | all | | " + SettingDefinitions.KAFKA + " |\n";
    }

    private static String row(ConfigKey key) {
        String standard = key.defaultValue == null ? "" : "`" + key.defaultValue + "`";
        return "| `%s` | %s | %s | %s |\n".formatted(key.name, key.group, standard, key.documentation);
    }
}
