package io.ringrift.agent.raft.wire;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;

/**
 * What goes over a connection between peers: one byte of kind, four of the body's length, eight of the call, eight of the time, and the body. Numbers have their highest byte first.
 *
 * @param call chosen by whoever asks; an answer carries that of its question
 * @param time what time it is for the replicated state, see {@link PeerClock}; 0 where the sender does not know
 */
record Frame(Kind kind, long call, long time, byte[] body) {
    /** The longest body, in bytes: the largest entry with everything around it fits, and so does a part of a snapshot. */
    static final int MAX_BODY = 3 << 20;

    private static final int HEAD = 1 + Integer.BYTES + 2 * Long.BYTES;
    private static final int MAX_WORDS = 1_000;
    private static final byte[] NOTHING = {};

    /** What a frame is; its place here is its number on the wire. */
    enum Kind {
        /** The first one of a connection: see {@link Hello}. */
        HELLO,
        VOTE,
        APPEND,
        SNAPSHOT,
        STAND,
        /** The body is what questions of that kind are answered with. */
        ANSWER,
        /** The body says in words why there is no answer. Call 0: why there will be none to anything. */
        REFUSAL,
        /** As {@link #APPEND}, without entries, and remembered: {@link #AGAIN} means the last one of its connection. */
        BEAT,
        /** The last {@link #BEAT} once more. No body. */
        AGAIN,
        /** What the last {@link #BEAT} of this connection that was answered by {@link #ANSWER} was answered with. No body. */
        SAME;

        private static final Kind[] ALL = values();
    }

    /** Says why; cut where it is long. */
    static Frame refusal(long call, String why) {
        byte[] words = why.getBytes(StandardCharsets.UTF_8);
        return new Frame(Kind.REFUSAL, call, 0, Arrays.copyOf(words, Math.min(words.length, MAX_WORDS)));
    }

    static Frame without(Kind kind, long call, long time) {
        return new Frame(kind, call, time, NOTHING);
    }

    String words() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Whether a leader says it to its followers. */
    boolean isOfLeader() {
        return kind == Kind.APPEND || kind == Kind.BEAT;
    }

    /**
     * Reads what follows the first byte. Room for a body is made as it comes in, not as it is announced.
     *
     * @param first the byte that was read already, or -1 where the connection ended instead
     */
    static Frame read(int first, DataInputStream in, int maxBody) throws IOException {
        if (first < 0) {
            throw new EOFException("the other side closed the connection");
        }
        int length = in.readInt();
        long call = in.readLong();
        long time = in.readLong();
        if (first >= Kind.ALL.length || length < 0 || length > maxBody) {
            throw new IOException("what came is none of Raft's frames: kind " + first + ", length " + length);
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the connection ended within a frame");
        }
        return new Frame(Kind.ALL[first], call, time, body);
    }

    void writeTo(OutputStream out) throws IOException {
        byte[] bytes = withHead(kind, call, time, body.length);
        System.arraycopy(body, 0, bytes, HEAD, body.length);
        out.write(bytes);
    }

    /** Writes a message as a frame's body, in one piece. */
    static void write(OutputStream out, Kind kind, long call, long time, MessageLite message) throws IOException {
        int size = message.getSerializedSize();
        if (size > MAX_BODY) {
            throw new IOException("a message of " + size + " bytes is more than the " + MAX_BODY + " that are allowed");
        }
        byte[] bytes = withHead(kind, call, time, size);
        message.writeTo(CodedOutputStream.newInstance(bytes, HEAD, size));
        out.write(bytes);
    }

    private static byte[] withHead(Kind kind, long call, long time, int length) {
        byte[] bytes = new byte[HEAD + length];
        ByteBuffer.wrap(bytes)
                .put((byte) kind.ordinal())
                .putInt(length)
                .putLong(call)
                .putLong(time);
        return bytes;
    }
}
