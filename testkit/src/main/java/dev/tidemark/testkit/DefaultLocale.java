package dev.tidemark.testkit;

import java.util.Locale;

/** Another default locale, until it is closed. */
public final class DefaultLocale implements AutoCloseable {

    /** Writes numbers with a comma. */
    public static final String GERMAN = "de-DE";
    /** Writes numbers in digits of its own. */
    public static final String ARABIC = "ar-EG-u-nu-arab";

    private final Locale before = Locale.getDefault();

    private DefaultLocale() {}

    /** From now on the default is the locale of that language tag. */
    public static DefaultLocale of(String tag) {
        var locale = new DefaultLocale();
        Locale.setDefault(Locale.forLanguageTag(tag));
        return locale;
    }

    @Override
    public void close() {
        Locale.setDefault(before);
    }
}
