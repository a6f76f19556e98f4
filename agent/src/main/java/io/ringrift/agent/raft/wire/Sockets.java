package io.ringrift.agent.raft.wire;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** How two peers are connected: plainly, or by mutual TLS. Thread-safe. */
public final class Sockets {
    private final Optional<SSLContext> tls;

    private Sockets(Optional<SSLContext> tls) {
        this.tls = tls;
    }

    /** Anybody may speak to anybody. */
    public static Sockets plain() {
        return new Sockets(Optional.empty());
    }

    /** Both sides show a certificate; managers are asked anew with each connection. */
    public static Sockets tls(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
            return new Sockets(Optional.of(context));
        } catch (GeneralSecurityException noTls) {
            throw new IllegalStateException("this Java has no TLS 1.3", noTls);
        }
    }

    /** Connects a new socket, which may be closed meanwhile; each step takes {@code within} at most. */
    Wire connect(Socket raw, InetSocketAddress to, Duration within) throws IOException {
        raw.connect(to, Math.toIntExact(within.toMillis()));
        return wire(raw, true, within);
    }

    /** The other side of a connection, which has {@code within} to show who it is. */
    Wire accepted(Socket raw, Duration within) throws IOException {
        return wire(raw, false, within);
    }

    private Wire wire(Socket raw, boolean client, Duration within) throws IOException {
        raw.setTcpNoDelay(true);
        if (tls.isEmpty()) {
            return new Wire(raw, raw);
        }
        SSLSocket socket = (SSLSocket) tls.get().getSocketFactory().createSocket(raw, null, raw.getPort(), true);
        socket.setUseClientMode(client);
        socket.setNeedClientAuth(!client);
        socket.setSoTimeout(Math.toIntExact(within.toMillis()));
        socket.startHandshake();
        socket.setSoTimeout(0);
        return new Wire(raw, socket);
    }

    /** Closes one that may be closed already. */
    static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException closedAlready) {
            return;
        }
    }
}
