package dev.tidemark.storage.config;

import dev.tidemark.schemas.DescriptorCache;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The cache in which a registry remembers which blobs it has, as its configuration says. */
public sealed interface CacheSettings {

    /** In the word for it that records have. */
    default DescriptorCache kind() {
        return switch (this) {
            case None none -> DescriptorCache.NONE;
            case InMemory memory -> DescriptorCache.IN_MEMORY;
            case Redis redis -> DescriptorCache.REDIS;
            case Unknown unknown -> DescriptorCache.UNKNOWN;
            case Unreadable unreadable -> DescriptorCache.UNREADABLE;
        };
    }

    /** There is none: the registry looks at its storage each time. */
    record None() implements CacheSettings {}

    /** Each process of the registry remembers by itself, until it ends, and nobody else can make it forget. */
    record InMemory() implements CacheSettings {}

    /**
     * A Redis, or several.
     *
     * @param servers one; or some of a cluster; or with a master's name, the sentinels that know the master
     * @param master the name by which sentinels know the master; empty without sentinels
     * @param database that is selected; a cluster has only the first, 0
     * @param login of the servers
     * @param sentinelLogin of the sentinels
     * @param tls empty for a connection in the clear
     */
    record Redis(
            List<Server> servers,
            Optional<String> master,
            int database,
            Login login,
            Login sentinelLogin,
            Optional<Tls> tls)
            implements CacheSettings {

        /** Without the passwords: settings get logged. */
        @Override
        public String toString() {
            return "Redis[servers=" + servers + ", master=" + master + ", database=" + database + "]";
        }
    }

    /** A server's host, as it is written, and its port. */
    record Server(String host, int port) {

        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** A user's name and password; null for none. */
    record Login(String user, String password) {

        /** Without the password: settings get logged. */
        @Override
        public String toString() {
            return "Login[user=" + user + "]";
        }
    }

    /**
     * An encrypted connection. All files are PEM.
     *
     * @param client the certificate that the client shows, and its key; empty for none
     * @param authorities the certificates that a server's is checked by; empty for the system's
     */
    record Tls(Optional<ClientFiles> client, List<Path> authorities) {}

    /** A client's certificate and its private key. */
    record ClientFiles(Path certificate, Path key) {}

    /** Nothing says which: only the registry's root directory is known. */
    record Unknown() implements CacheSettings {}

    /**
     * The configuration says so, in a way that can't be read.
     *
     * @param why one line: where, what is wrong, and what to do
     */
    record Unreadable(String why) implements CacheSettings {}
}
