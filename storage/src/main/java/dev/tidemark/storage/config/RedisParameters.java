package dev.tidemark.storage.config;

import dev.tidemark.storage.config.CacheSettings.ClientFiles;
import dev.tidemark.storage.config.CacheSettings.Login;
import dev.tidemark.storage.config.CacheSettings.Redis;
import dev.tidemark.storage.config.CacheSettings.Server;
import dev.tidemark.storage.config.CacheSettings.Tls;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of the registry's section {@code redis}, as its versions 2 and 3 read them: the former one server,
 * {@code addr}, and the latter a list, {@code addrs}. Its times and the size of its pool are made for requests of
 * clients: they are accepted with any value, and a collector has its own.
 *
 * @see <a href="https://github.com/distribution/distribution/blob/v2.8.3/configuration/configuration.go">version 2</a>
 * @see <a href="https://github.com/distribution/distribution/blob/v3.1.1/configuration/configuration.go">version 3:
 *     {@code RedisOptions}, {@code RedisTLSOptions}</a>
 */
final class RedisParameters {

    private static final Pattern HOST_AND_PORT = Pattern.compile("(?:\\[([^\\]]*)\\]|([^:\\[\\]]*)):([0-9]{1,5})");
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");
    private static final int LAST_PORT = 65_535;

    private final String where;
    private final Map<String, Object> parameters;

    /**
     * @param where the file and the section, for messages
     * @param parameters text, lists, maps and nulls: a password of digits is text to the registry
     */
    RedisParameters(String where, Map<String, Object> parameters) {
        this.where = where;
        this.parameters = parameters;
    }

    /**
     * @throws InvalidConfigurationException if the registry would not start with them, or it can't be told which server
     *     it uses
     */
    Redis settings() {
        return new Redis(
                servers().stream().map(this::server).toList(),
                Optional.ofNullable(text(parameters, "mastername")),
                database(),
                new Login(text(parameters, "username"), text(parameters, "password")),
                new Login(text(parameters, "sentinelusername"), text(parameters, "sentinelpassword")),
                tls());
    }

    private List<String> servers() {
        String one = text(parameters, "addr");
        List<String> several = texts(parameters, "addrs");
        if (one == null && several.isEmpty()) {
            throw invalid("addr (in version 3 redis.addrs) is missing");
        }
        if (one != null && !several.isEmpty() && !several.equals(List.of(one))) {
            throw invalid("addr and redis.addrs name different servers: keep the one that your registry reads, addr "
                    + "in version 2, addrs in version 3");
        }
        return one == null ? several : List.of(one);
    }

    private Server server(String text) {
        if (text.startsWith("/")) {
            throw invalid("addrs " + RegistryConfiguration.shown(text)
                    + " is a socket of the registry's machine: let Redis listen at a port as well");
        }
        Matcher address = HOST_AND_PORT.matcher(text);
        if (!address.matches() || Integer.parseInt(address.group(3)) > LAST_PORT) {
            throw invalid("addr " + RegistryConfiguration.shown(text) + " is no address: write HOST:PORT");
        }
        String host = address.group(1) == null ? address.group(2) : address.group(1);
        return new Server(host.isEmpty() ? "localhost" : host, Integer.parseInt(address.group(3)));
    }

    private int database() {
        String text = text(parameters, "db");
        if (text == null) {
            return 0;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw invalid("db is not a number");
        }
        return Integer.parseInt(text);
    }

    /** Version 3 encrypts if a file is named. The flag is of its first releases, which still read {@code addr}. */
    private Optional<Tls> tls() {
        Object section = parameters.get("tls");
        if (section == null) {
            return Optional.empty();
        }
        if (!(section instanceof Map<?, ?> tls)) {
            throw invalid("tls must be a map of parameters");
        }
        String certificate = text(tls, "certificate");
        String key = text(tls, "key");
        List<Path> authorities = texts(tls, "rootcas").stream()
                .map(file -> path("rootcas", file))
                .toList();
        boolean files = certificate != null || key != null || !authorities.isEmpty();
        if (!files && !(enabled(tls) && parameters.containsKey("addr"))) {
            return Optional.empty();
        }
        // Of one without the other the registry says that it is incomplete, and goes on without a client's certificate.
        Optional<ClientFiles> client = certificate == null || key == null
                ? Optional.empty()
                : Optional.of(new ClientFiles(path("certificate", certificate), path("key", key)));
        return Optional.of(new Tls(client, authorities));
    }

    private boolean enabled(Map<?, ?> tls) {
        String text = text(tls, "enabled");
        if (text == null || text.equalsIgnoreCase("false")) {
            return false;
        }
        if (!text.equalsIgnoreCase("true")) {
            throw invalid("tls.enabled is neither true nor false");
        }
        return true;
    }

    private Path path(String name, String file) {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw invalid("tls." + name + " is no path here: " + e.getReason());
        }
    }

    /** Text; null if there is none, or an empty one. */
    private String text(Map<?, ?> map, String name) {
        Object value = map.get(name);
        if (value != null && !(value instanceof String)) {
            throw invalid(name + " is no text");
        }
        return value == null || ((String) value).isEmpty() ? null : (String) value;
    }

    private List<String> texts(Map<?, ?> map, String name) {
        Object value = map.get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw invalid(name + " is no list: write it in brackets");
        }
        List<String> texts = new ArrayList<>();
        for (Object each : list) {
            if (!(each instanceof String text) || text.isEmpty()) {
                throw invalid(name + " has an entry that is no text");
            }
            texts.add(text);
        }
        return texts;
    }

    private InvalidConfigurationException invalid(String what) {
        return new InvalidConfigurationException(where + what);
    }
}
