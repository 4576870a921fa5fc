package dev.tidemark.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * The broker's listening sockets, bound before Kafka is configured: the ports must be known to configure it, and a port
 * that was merely found free could be taken by then.
 */
final class ReservedSockets implements ServerSocketFactory, AutoCloseable {

    static final String CLIENT = "CLIENT";
    static final String CONTROLLER = "CONTROLLER";
    static final String HOST = "127.0.0.1";

    private final Map<String, ServerSocketChannel> channels;

    private ReservedSockets(ServerSocketChannel client, ServerSocketChannel controller) {
        this.channels = Map.of(CLIENT, client, CONTROLLER, controller);
    }

    static ReservedSockets bind(int clientPort) {
        ServerSocketChannel client = listen(clientPort);
        try {
            return new ReservedSockets(client, listen(0));
        } catch (EmbeddedKafkaException e) {
            Utils.closeQuietly(client, "client socket");
            throw e;
        }
    }

    String client() {
        return address(CLIENT);
    }

    String controller() {
        return address(CONTROLLER);
    }

    /** Kafka asks for each listener's socket once. */
    @Override
    public ServerSocketChannel openServerSocket(
            String listener, InetSocketAddress address, int backlog, int receiveBuffer) {
        return channels.get(listener);
    }

    @Override
    public void close() {
        channels.forEach((listener, channel) -> Utils.closeQuietly(channel, listener));
    }

    private String address(String listener) {
        return HOST + ":" + channels.get(listener).socket().getLocalPort();
    }

    private static ServerSocketChannel listen(int port) {
        ServerSocketChannel channel = null;
        try {
            channel = ServerSocketChannel.open();
            channel.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
            channel.configureBlocking(false);
            return channel;
        } catch (IOException | IllegalArgumentException e) {
            Utils.closeQuietly(channel, "listening socket");
            throw new EmbeddedKafkaException(
                    "Kafka cannot listen on " + HOST + ":" + port + " (" + e.getMessage()
                            + "). Stop what uses that port, or choose another one.",
                    e);
        }
    }
}
