package dev.tidemark.storage.objects;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Says in words why there is no connection to a server. */
public final class ConnectionFailure {

    private ConnectionFailure() {}

    /**
     * Why; empty if it is something else. A name that can't be looked up, or a server that isn't there, may be there
     * later.
     *
     * @param server as the user knows it
     * @param check the parameters that say where it is
     */
    public static Optional<String> inWords(Throwable thrown, String server, String check) {
        if (find(UnknownHostException.class, thrown) instanceof UnknownHostException e) {
            // Only the host is named before a colon, if anything is.
            return Optional.of("there is no host " + message(e).split(":", 2)[0] + ": check " + check);
        }
        if (find(CertificateException.class, thrown) instanceof CertificateException e) {
            return Optional.of("the certificate of " + server + " is not accepted (" + message(root(e))
                    + "): let the JVM trust who signed it (-Djavax.net.ssl.trustStore), or set skipverify");
        }
        if (find(SSLException.class, thrown) instanceof SSLException e) {
            return Optional.of("no TLS with " + server + " (" + message(e) + "): check " + check);
        }
        if (find(ConnectException.class, thrown) instanceof ConnectException e) {
            return Optional.of("nobody answers at " + server + " (" + message(e) + "): check " + check);
        }
        return Optional.empty();
    }

    /** The first cause of that type; null if there is none. */
    public static <T extends Throwable> T find(Class<T> type, Throwable thrown) {
        Throwable cause = thrown;
        while (cause != null && !type.isInstance(cause)) {
            cause = cause.getCause();
        }
        return type.cast(cause);
    }

    /** How often an answer was waited for, and for how long, such as " (tried 5 times in 3 s)". */
    public static String tried(int tries, Duration took) {
        String often = tries == 1 ? "once" : tries + " times";
        return " (tried %s in %d s)".formatted(often, Math.max(1, took.toSeconds()));
    }

    /** The message of a failure, in one line. */
    public static String message(Throwable thrown) {
        String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
        return message.lines().findFirst().orElse(thrown.toString());
    }

    private static Throwable root(Throwable thrown) {
        return thrown.getCause() == null ? thrown : root(thrown.getCause());
    }
}
