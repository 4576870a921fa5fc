package dev.tidemark.storage.config;

import dev.tidemark.storage.config.StorageSettings.Azure;
import java.util.Base64;
import java.util.Set;

/**
 * The parameters of the registry's {@code azure} driver, as versions 2.8 and 3 read them. Those that only say how the
 * registry waits for its copies are accepted with any value.
 *
 * @see <a href="https://github.com/distribution/distribution/blob/v2.8.3/registry/storage/driver/azure/azure.go">
 *     azure.go of 2.8: {@code FromParameters}</a>
 * @see <a href="https://github.com/distribution/distribution/blob/v3.1.1/registry/storage/driver/azure/parser.go">
 *     parser.go of 3: {@code NewParameters}</a>
 */
final class AzureParameters {

    /** Those that say where the data is, and how it is reached. */
    static final Set<String> READ = Set.of(
            "accountname",
            "accountkey",
            "container",
            "realm",
            "credentials",
            "rootdirectory",
            "serviceurl",
            "skipverify");

    /** The others that the registry knows, in any of its versions. Version 3 parses the last, and has no use for it. */
    static final Set<String> OF_NO_USE = Set.of("max_retries", "retry_delay", "connectionstring");

    private static final String DEFAULT_REALM = "core.windows.net";

    private final DriverParameters parameters;

    AzureParameters(DriverParameters parameters) {
        this.parameters = parameters;
    }

    /**
     * @throws InvalidConfigurationException if no version of the registry would start with them
     */
    Azure settings() {
        String account = parameters.required("accountname");
        String container = parameters.required("container");
        String realm = parameters.text("realm", DEFAULT_REALM);
        String url = parameters.address("serviceurl", "https");
        return new Azure(
                account,
                container,
                parameters.text("rootdirectory", ""),
                url == null ? "https://" + account + ".blob." + realm : url.replaceAll("/+$", ""),
                credentials(parameters.section("credentials")),
                parameters.flag("skipverify", false));
    }

    /** Version 2.8 knows no other than the account's key, and so needs no type. */
    private Azure.Credentials credentials(DriverParameters section) {
        String type = section.text("type", "shared_key");
        return switch (type) {
            case "shared_key" -> new Azure.SharedKey(key());
            case "client_secret" ->
                new Azure.ClientSecret(
                        section.required("tenantid"), section.required("clientid"), section.required("secret"));
            case "default_credentials" -> new Azure.DefaultCredentials();
            default ->
                throw section.invalid("type is " + RegistryConfiguration.shown(type)
                        + ": write shared_key, client_secret or default_credentials");
        };
    }

    private String key() {
        String key = parameters.required("accountkey");
        try {
            Base64.getDecoder().decode(key);
            return key;
        } catch (IllegalArgumentException e) {
            throw parameters.invalid("accountkey is no key of an account: it is not in base64");
        }
    }
}
