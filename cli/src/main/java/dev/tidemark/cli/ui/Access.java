package dev.tidemark.cli.ui;

import com.sun.net.httpserver.HttpExchange;
import dev.tidemark.service.http.BearerSecret;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The requests that are answered. On the loopback interface that is a matter of their {@code Host}, too: the name of
 * somebody else's site may lead here, and a browser would then take this page for a part of that site.
 */
final class Access {

    private final BearerSecret token;
    private final Optional<Set<String>> hosts;

    private Access(String token, Optional<Set<String>> hosts) {
        this.token = new BearerSecret(token);
        this.hosts = hosts;
    }

    /**
     * Those with the token, by the names that lead to this address.
     *
     * @param named as the user wrote the address
     */
    static Access of(String token, InetAddress address, String named) {
        if (!address.isLoopbackAddress()) {
            return new Access(token, Optional.empty());
        }
        Set<String> hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
        hosts.add(inAddress(named));
        return new Access(token, Optional.of(hosts));
    }

    /** A host as it is written in the address of a page. */
    static String inAddress(String host) {
        return host.contains(":") ? "[" + host + "]" : host.toLowerCase(Locale.ROOT);
    }

    /** Whether the request is for one of the names. The port may be another one: that of a tunnel. */
    boolean knowsHost(HttpExchange request) {
        String host = request.getRequestHeaders().getFirst("Host");
        String name = host == null ? "" : host.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
        return hosts.isEmpty() || hosts.get().contains(name);
    }

    boolean hasToken(HttpExchange request) {
        return token.isIn(request);
    }
}
