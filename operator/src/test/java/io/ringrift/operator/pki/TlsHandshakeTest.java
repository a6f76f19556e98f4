package io.ringrift.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringrift.operator.pki.ClusterTls.Outcome.Ready;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The certificates as their users see them: through the JDK's own TLS. */
class TlsHandshakeTest {

    private static final byte[] GREETING = "hello".getBytes(StandardCharsets.US_ASCII);

    private final ExecutorService servers = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        servers.shutdownNow();
    }

    @Test
    void agentsOfOneClusterTrustEachOtherBothWaysAndByName() throws Exception {
        SSLContext cluster = context(material());

        assertThat(greet(cluster, cluster, "localhost")).isEqualTo(GREETING);
    }

    @Test
    void anAgentOfAnotherClusterIsNotTrusted() throws Exception {
        SSLContext here = context(material());
        SSLContext elsewhere = context(material());

        assertThatThrownBy(() -> greet(here, elsewhere, "localhost")).isInstanceOf(SSLException.class);
    }

    @Test
    void aNameThatIsNotTheClustersIsRefusedByAClientThatChecksNames() throws Exception {
        SSLContext cluster = context(material());

        assertThatThrownBy(() -> greet(cluster, cluster, "someone-else.example"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("someone-else.example");
    }

    /** Connects over loopback, asks for the server under that name and returns what it says. */
    private byte[] greet(SSLContext serverSide, SSLContext clientSide, String name) throws Exception {
        try (var server = (SSLServerSocket)
                serverSide.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setNeedClientAuth(true);
            servers.submit(() -> serveOnce(server));
            try (var plain = new java.net.Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                    var client = (SSLSocket)
                            clientSide.getSocketFactory().createSocket(plain, name, server.getLocalPort(), true)) {
                var parameters = client.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                client.setSSLParameters(parameters);
                return client.getInputStream().readNBytes(GREETING.length);
            }
        }
    }

    private static void serveOnce(SSLServerSocket server) {
        try (var connection = server.accept()) {
            connection.getOutputStream().write(GREETING);
        } catch (IOException refused) {
            // What the handshake came to is asserted on the client's side.
        }
    }

    private static Ready material() {
        return (Ready) ClusterTls.decide("games", "demo", Map.of(), Map.of(), Instant.now(), new SecureRandom());
    }

    private static SSLContext context(Ready material) throws Exception {
        Certificate certificate = Pem.certificate(material.agents().get(ClusterTls.CERTIFICATE));
        Certificate authority = Pem.certificate(material.agents().get(ClusterTls.AUTHORITY_CERTIFICATE));
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "agent", Pem.privateKey(material.agents().get(ClusterTls.KEY)), new char[0], new Certificate[] {
                    certificate, authority
                });
        store.setCertificateEntry("authority", authority);
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
