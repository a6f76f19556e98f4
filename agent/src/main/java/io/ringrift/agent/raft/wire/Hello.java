package io.ringrift.agent.raft.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a connection begins with.
 *
 * @param from which peer asks, of which there is one connection at a time
 * @param to which peer is meant: where another has come in its place, because the disk was lost, nobody must answer in its name
 */
record Hello(String from, String to) {
    /** Of the protocol; in the place of a call's number. */
    static final long VERSION = 2;

    /** The longest, in bytes: two names of peers. */
    static final int MAX_BODY = 600;

    private static final String BETWEEN = "\n";

    Frame frame() {
        return new Frame(Frame.Kind.HELLO, VERSION, 0, (from + BETWEEN + to).getBytes(StandardCharsets.UTF_8));
    }

    /** Fails where a frame is no greeting, or one of another version. */
    static Hello of(Frame frame) throws IOException {
        String[] names = frame.words().split(BETWEEN, -1);
        if (frame.kind() != Frame.Kind.HELLO || names.length != 2 || names[0].isEmpty()) {
            throw new IOException("a connection begins with who asks whom, not with " + frame.kind());
        }
        if (frame.call() != VERSION) {
            throw new IOException("version " + frame.call() + " of the protocol between Raft's peers, here it is "
                    + VERSION + ": an agent of another version");
        }
        return new Hello(names[0], names[1]);
    }
}
