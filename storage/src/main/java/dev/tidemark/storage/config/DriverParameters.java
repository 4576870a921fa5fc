package dev.tidemark.storage.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The parameters of a driver, as the registry reads them. */
final class DriverParameters {

    /** The words that Go's {@code strconv.ParseBool} takes for true and for false. */
    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");

    private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

    private static final int LAST_PORT = 65535;

    private final String where;
    private final Map<String, Object> parameters;

    /**
     * @param where the file and the driver's section, for messages
     */
    DriverParameters(String where, Map<String, Object> parameters) {
        this.where = where;
        this.parameters = parameters;
    }

    String required(String name) {
        String value = text(name, null);
        if (value == null) {
            throw invalid(name + " is missing");
        }
        return value;
    }

    /** Text, or what the registry turns into text; an empty one counts as none. */
    String text(String name, String otherwise) {
        Object value = parameters.get(name);
        if (value instanceof Map || value instanceof Collection) {
            throw invalid(name + " is no text");
        }
        return value == null || value.toString().isEmpty() ? otherwise : value.toString();
    }

    boolean flag(String name, boolean otherwise) {
        Object value = parameters.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof String text && (TRUE.contains(text) || FALSE.contains(text))) {
            return TRUE.contains(text);
        }
        throw invalid(name + " is neither true nor false");
    }

    /**
     * An address with its scheme and host; null if there is none.
     *
     * @param scheme of one that is written without
     */
    String address(String name, String scheme) {
        String text = text(name, null);
        if (text == null) {
            return null;
        }
        URI address;
        try {
            address = new URI(text.contains("://") ? text : scheme + "://" + text);
        } catch (URISyntaxException e) {
            throw invalid(name + " " + text + " is no address: " + e.getReason());
        }
        String written = address.getScheme().toLowerCase(Locale.ROOT);
        boolean underscore = address.getHost() == null
                && address.getRawAuthority() != null
                && address.getRawAuthority().contains("_");
        String wrong = !written.equals("http") && !written.equals("https")
                ? "it begins with neither http:// nor https://"
                : underscore
                        ? "Java looks up no host whose name has an underscore: give it another one (a network "
                                + "alias), or write its address"
                        : address.getHost() == null
                                ? "no host is in it"
                                : address.getPort() > LAST_PORT ? "there is no such port" : null;
        if (wrong != null) {
            throw invalid(name + " " + text + " is no address: " + wrong);
        }
        return written + address.toString().substring(written.length());
    }

    /** The parameters below one of them; none if it is not there. */
    DriverParameters section(String name) {
        Object value = parameters.get(name);
        if (value != null && !(value instanceof Map)) {
            throw invalid(name + " must be a map of parameters");
        }
        Map<String, Object> section = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> section.put(key.toString(), each));
        }
        return new DriverParameters(where + "." + name, section);
    }

    InvalidConfigurationException invalid(String what) {
        return new InvalidConfigurationException(where + "." + what);
    }
}
