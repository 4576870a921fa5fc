package dev.tidemark.storage.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of the registry's {@code s3} driver, as it reads them. A parameter that a collector has no use for
 * (how uploads are cut, stored and encrypted) is accepted with any value: the registry itself checks it.
 *
 * @see <a href="https://github.com/distribution/distribution/blob/v2.8.2/registry/storage/driver/s3-aws/s3.go">s3.go:
 *     {@code FromParameters}</a>; version 3 wants no region with an endpoint, and knows {@code usefipsendpoint}
 */
final class S3Parameters {

    /** Those that say where the data is, and how it is reached. */
    static final Set<String> READ = Set.of(
            "accesskey",
            "secretkey",
            "sessiontoken",
            "bucket",
            "region",
            "regionendpoint",
            "forcepathstyle",
            "rootdirectory",
            "secure",
            "skipverify",
            "accelerate",
            "usedualstack",
            "usefipsendpoint",
            "useragent");

    /** The others that the registry knows, in any of its versions. */
    static final Set<String> OF_NO_USE = Set.of(
            "encrypt",
            "keyid",
            "v4auth",
            "chunksize",
            "multipartcopychunksize",
            "multipartcopymaxconcurrency",
            "multipartcopythresholdsize",
            "storageclass",
            "objectacl",
            "loglevel");

    /** The words that Go's {@code strconv.ParseBool} takes for true and for false. */
    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");

    private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

    /** The region of servers other than Amazon's, if they are not told otherwise. */
    private static final String REGION_OF_AN_ENDPOINT = "us-east-1";

    private static final int LAST_PORT = 65535;

    private final String where;
    private final Map<String, Object> parameters;

    /**
     * @param where the file and the driver's section, for messages
     */
    S3Parameters(String where, Map<String, Object> parameters) {
        this.where = where;
        this.parameters = parameters;
    }

    /**
     * @throws InvalidConfigurationException if the registry would not start with them
     */
    StorageSettings.S3 settings() {
        boolean secure = flag("secure", true);
        String endpoint = endpoint(secure);
        String accessKey = text("accesskey", null);
        String secretKey = text("secretkey", null);
        if ((accessKey == null) != (secretKey == null)) {
            throw invalid((accessKey == null ? "accesskey" : "secretkey")
                    + " is missing: write both keys, or none for the default credentials");
        }
        return new StorageSettings.S3(
                required("bucket"),
                text("rootdirectory", ""),
                endpoint == null ? required("region") : text("region", REGION_OF_AN_ENDPOINT),
                endpoint,
                flag("forcepathstyle", endpoint != null),
                accessKey,
                secretKey,
                text("sessiontoken", null),
                secure,
                flag("skipverify", false),
                flag("accelerate", false),
                flag("usedualstack", false),
                flag("usefipsendpoint", false),
                text("useragent", null));
    }

    private String endpoint(boolean secure) {
        String text = text("regionendpoint", null);
        if (text == null) {
            return null;
        }
        URI address;
        try {
            address = new URI(text.contains("://") ? text : (secure ? "https://" : "http://") + text);
        } catch (URISyntaxException e) {
            throw invalid("regionendpoint " + text + " is no address: " + e.getReason());
        }
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        boolean underscore = address.getHost() == null
                && address.getRawAuthority() != null
                && address.getRawAuthority().contains("_");
        String wrong = !scheme.equals("http") && !scheme.equals("https")
                ? "it begins with neither http:// nor https://"
                : underscore
                        ? "Java looks up no host whose name has an underscore: give it another one (a network "
                                + "alias), or write its address"
                        : address.getHost() == null
                                ? "no host is in it"
                                : address.getPort() > LAST_PORT ? "there is no such port" : null;
        if (wrong != null) {
            throw invalid("regionendpoint " + text + " is no address: " + wrong);
        }
        return scheme + address.toString().substring(scheme.length());
    }

    private String required(String name) {
        String value = text(name, null);
        if (value == null) {
            throw invalid(name + " is missing");
        }
        return value;
    }

    /** Text, or what the registry turns into text; an empty one counts as none. */
    private String text(String name, String otherwise) {
        Object value = parameters.get(name);
        if (value instanceof Map || value instanceof Collection) {
            throw invalid(name + " is no text");
        }
        return value == null || value.toString().isEmpty() ? otherwise : value.toString();
    }

    private boolean flag(String name, boolean otherwise) {
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

    private InvalidConfigurationException invalid(String what) {
        return new InvalidConfigurationException(where + "." + what);
    }
}
