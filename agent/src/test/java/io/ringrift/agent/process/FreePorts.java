package io.ringrift.agent.process;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Ports for agents under test, below those that Linux gives to outgoing connections: an agent that is started again finds its own port free. Each
 * of the build's forks has a range of its own.
 */
public final class FreePorts {
    private static final int FIRST = 12_000;
    private static final int PER_FORK = 6_000;
    private static final int FORKS = 3;

    private static final int first = FIRST + PER_FORK * (Integer.getInteger("ringrift.fork", 0) % FORKS);
    private static int next = RandomGenerator.getDefault().nextInt(PER_FORK);

    private FreePorts() {}

    /** Ports that nobody held a moment ago, for TCP and UDP on loopback; none of them is given away twice soon. */
    public static synchronized List<Integer> take(int count) {
        List<Integer> ports = new ArrayList<>();
        for (int tried = 0; ports.size() < count && tried < PER_FORK; tried++) {
            int port = first + next;
            next = (next + 1) % PER_FORK;
            if (isFree(port)) {
                ports.add(port);
            }
        }
        if (ports.size() < count) {
            throw new IllegalStateException(
                    "only " + ports.size() + " of " + count + " ports are free from " + first + " on");
        }
        return ports;
    }

    private static boolean isFree(int port) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket tcp = new ServerSocket(port, 1, loopback);
                DatagramSocket udp = new DatagramSocket(port, loopback)) {
            return tcp.isBound() && udp.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
