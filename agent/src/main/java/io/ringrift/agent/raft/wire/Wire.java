package io.ringrift.agent.raft.wire;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;

/** One connection: whole frames in and out. One thread reads, any may write. */
final class Wire implements Closeable {
    private static final int BUFFER = 2_048;

    private final Socket raw;
    private final Socket secured;
    private final DataInputStream in;
    private final OutputStream out;

    /** @param secured what is read from and written to; {@code raw} itself where nothing is between */
    Wire(Socket raw, Socket secured) throws IOException {
        this.raw = raw;
        this.secured = secured;
        this.in = new DataInputStream(new BufferedInputStream(secured.getInputStream(), BUFFER));
        this.out = secured.getOutputStream();
    }

    /** Waits for a frame, for as long as it takes. */
    Frame read(int maxBody) throws IOException {
        return Frame.read(in.read(), in, maxBody);
    }

    /** {@link #readSoon} waits so long from now on, for a frame to begin and for each part of it. */
    void patience(Duration most) throws IOException {
        secured.setSoTimeout(Math.toIntExact(most.toMillis()));
    }

    /** The next frame, of any length that is allowed; empty: none has begun for as long as {@link #patience} says. */
    Optional<Frame> readSoon() throws IOException {
        int first;
        try {
            first = in.read();
        } catch (SocketTimeoutException quiet) {
            return Optional.empty();
        }
        return Optional.of(Frame.read(first, in, Frame.MAX_BODY));
    }

    synchronized void write(Frame frame) throws IOException {
        frame.writeTo(out);
    }

    synchronized void write(Frame.Kind kind, long call, long time, MessageLite message) throws IOException {
        Frame.write(out, kind, call, time, message);
    }

    /** Ends it at once, whoever reads or writes; TLS' own way to say so would wait for a writer. */
    @Override
    public void close() {
        Sockets.close(raw);
    }
}
