package dev.tidemark.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that are told theirs before they start. They lie below those that systems give to clients and to
 * servers without a wish: between the look and the start, no connection of another test takes one.
 */
public final class FreePorts {

    private static final int FIRST = 12_000;
    private static final int AFTER_LAST = 30_000;

    private FreePorts() {}

    /** @return ports of the loopback address that differ, and that nobody listens at */
    public static List<Integer> of(int count) {
        var ports = new ArrayList<Integer>();
        while (ports.size() < count) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, AFTER_LAST);
            if (!ports.contains(port) && free(port)) {
                ports.add(port);
            }
        }
        return ports;
    }

    private static boolean free(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            // That it is taken is the answer.
            return false;
        }
    }
}
