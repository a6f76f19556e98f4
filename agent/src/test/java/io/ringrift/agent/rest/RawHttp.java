package io.ringrift.agent.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection that sends whatever bytes it is told to. */
final class RawHttp implements AutoCloseable {
    final Socket socket;

    RawHttp(int port) {
        try {
            socket = new Socket();
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress("127.0.0.1", port), 5000);
            socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    RawHttp send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawHttp send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads until {@code mark} was seen or the other end closes. */
    String readUntil(String mark) {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                read.write(b);
                if (read.toString(StandardCharsets.ISO_8859_1).endsWith(mark)) {
                    break;
                }
            }
        } catch (IOException e) {
            // The other end closed hard: what was read is what there is.
        }
        return read.toString(StandardCharsets.ISO_8859_1);
    }

    String readHead() {
        return readUntil("\r\n\r\n");
    }

    /** Whether the other end closes the connection within the socket's time-out, whatever it sends before. */
    boolean closesWithin(Duration patience) {
        try {
            socket.setSoTimeout((int) patience.toMillis());
            InputStream in = socket.getInputStream();
            byte[] sink = new byte[8192];
            while (in.read(sink) >= 0) {
                // Only the end matters.
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
