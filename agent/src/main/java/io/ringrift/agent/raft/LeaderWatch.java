package io.ringrift.agent.raft;

import io.ringrift.agent.membership.Address;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Keeps one idle connection to the leader's Raft port: when its process dies, the kernel that ran it says so at once, long before its
 * silence tells. A connection that merely breaks is made again; only a port that refuses means that nobody is there.
 */
final class LeaderWatch implements AutoCloseable {
    private static final int CONNECT_MILLIS = 200;

    private final Address leader;
    private final Runnable dead;
    private final Thread thread;
    private volatile Socket socket;
    private volatile boolean closed;

    /** @param dead called once, from a thread of this watch, when the port refuses connections */
    LeaderWatch(Address leader, Runnable dead) {
        this.leader = leader;
        this.dead = dead;
        this.thread = Thread.ofPlatform().daemon().name("ringrift-raft-watch").unstarted(this::watch);
    }

    LeaderWatch start() {
        thread.start();
        return this;
    }

    private void watch() {
        boolean connected = false;
        while (!closed) {
            try (Socket made = new Socket()) {
                socket = made;
                made.connect(new InetSocketAddress(leader.host(), leader.port()), CONNECT_MILLIS);
                connected = true;
                drain(made.getInputStream());
            } catch (ConnectException refused) {
                if (connected && !closed) {
                    dead.run();
                    return;
                }
                pause();
            } catch (IOException broken) {
                if (!connected) {
                    pause();
                }
            }
        }
    }

    /** Returns when the other side closes. */
    private static void drain(InputStream in) throws IOException {
        byte[] bytes = new byte[64];
        while (in.read(bytes) >= 0) {
            // What a server says to somebody who says nothing is of no interest.
        }
    }

    private void pause() {
        try {
            Thread.sleep(CONNECT_MILLIS);
        } catch (InterruptedException ended) {
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        Socket open = socket;
        if (open != null) {
            try {
                open.close();
            } catch (IOException alreadyClosed) {
                return;
            }
        }
    }
}
