package dev.tidemark.service.process;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST_HEADING;

import dev.tidemark.service.settings.SettingTexts;
import java.util.ArrayList;
import picocli.CommandLine;

/** The section of a service's help that has the service's settings. */
public final class SettingsHelp {

    private static final String SECTION = "settings";

    private SettingsHelp() {}

    public static void addTo(CommandLine service) {
        var sections = new ArrayList<>(service.getHelpSectionKeys());
        sections.add(sections.indexOf(SECTION_KEY_EXIT_CODE_LIST_HEADING), SECTION);
        service.setHelpSectionKeys(sections);
        service.getHelpSectionMap()
                .put(
                        SECTION,
                        help -> "%nSettings, in the environment or the file:%n".formatted()
                                + help.createTextTable(SettingTexts.of(service.getCommandName())));
    }
}
