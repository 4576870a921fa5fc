package dev.tidemark.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The colours of a report's page, in each theme. */
class PageColoursTest {

    @Test
    void textCanBeReadInBothThemes() {
        Map<String, String> light = colours(":root \\{(.*?)\\n}");
        var dark = new HashMap<>(light);
        dark.putAll(colours("prefers-color-scheme: dark\\) \\{\\s*:root \\{(.*?)\\n  }"));

        assertThat(dark.get("page")).isNotEqualTo(light.get("page"));
        for (Map<String, String> theme : List.of(light, dark)) {
            for (String pair : List.of(
                    "ink card",
                    "ink page",
                    "ink tile",
                    "ink group",
                    "ink others",
                    "ink taken",
                    "ink taken-hatch",
                    "soft card",
                    "soft page",
                    "accent card",
                    "freed card",
                    "good good-page",
                    "info info-page",
                    "warn warn-page",
                    "bad bad-page")) {
                assertThat(contrast(theme, pair)).as("text, %s", pair).isGreaterThan(4.5);
            }
            for (String pair : List.of(
                    "live card",
                    "young card",
                    "conservative card",
                    "spared card",
                    "failed card",
                    "gone card",
                    "freed card",
                    "control card",
                    "accent page",
                    "taken-edge tile",
                    "over live",
                    "over failed",
                    "over conservative",
                    "over spared",
                    "over freed")) {
                assertThat(contrast(theme, pair)).as("what is drawn, %s", pair).isGreaterThan(3);
            }
        }
    }

    private static Map<String, String> colours(String block) {
        Matcher found = Pattern.compile(block, Pattern.DOTALL).matcher(ReportPage.resource("report.css"));
        assertThat(found.find()).isTrue();
        var colours = new HashMap<String, String>();
        Matcher colour = Pattern.compile("--([\\w-]+): #([0-9a-f]{6});").matcher(found.group(1));
        while (colour.find()) {
            colours.put(colour.group(1), colour.group(2));
        }
        return colours;
    }

    /** As WCAG 2 defines it. */
    private static double contrast(Map<String, String> theme, String pair) {
        double one = luminance(theme.get(pair.split(" ")[0]));
        double other = luminance(theme.get(pair.split(" ")[1]));
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    }

    private static double luminance(String colour) {
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double part = Integer.parseInt(colour.substring(2 * i, 2 * i + 2), 16) / 255.0;
            sum += weights[i] * (part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
        }
        return sum;
    }
}
