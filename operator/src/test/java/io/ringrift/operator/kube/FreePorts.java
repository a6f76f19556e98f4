package io.ringrift.operator.kube;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/**
 * Ports for servers under test, below those that Linux gives to outgoing connections and above the agents' of other tests. Each of the
 * build's forks has a range of its own. What the system gives to whoever asks for any port, it may give to the next as well.
 */
public final class FreePorts {
    private static final int FIRST = 30_000;
    private static final int PER_FORK = 900;
    private static final int FORKS = 3;

    private static final int first = FIRST + PER_FORK * (Integer.getInteger("ringrift.fork", 0) % FORKS);
    private static int next = RandomGenerator.getDefault().nextInt(PER_FORK);

    private FreePorts() {}

    /** A port on which nobody listened a moment ago, at any address; it is not given away twice soon. */
    public static synchronized int take() {
        for (int tried = 0; tried < PER_FORK; tried++) {
            int port = first + next;
            next = (next + 1) % PER_FORK;
            try (ServerSocket free = new ServerSocket(port)) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // The next one, then.
            }
        }
        throw new IllegalStateException("none of the " + PER_FORK + " ports from " + first + " on is free");
    }
}
