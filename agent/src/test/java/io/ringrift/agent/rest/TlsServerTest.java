package io.ringrift.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.Secret;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.security.Certificates;
import io.ringrift.agent.security.TlsException;
import io.ringrift.agent.security.TlsFiles;
import io.ringrift.agent.security.TlsMaterial;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.ClientSSLOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS on the pod's address (127.0.0.2 here), plain HTTP on loopback, one port; certificates come and go. */
class TlsServerTest {
    private static final Duration YESTERDAY = Duration.ofDays(-1);

    @TempDir
    static Path temp;

    private static Certificates certificates;

    @TempDir
    Path dir;

    @BeforeAll
    static void issue() {
        certificates = new Certificates().authority("ca").authority("other");
        certificates.issue("ca", "first", "EC", temp.resolve("first.d"), YESTERDAY, Duration.ofDays(10));
        certificates.issue("ca", "second", "RSA", temp.resolve("second.d"), YESTERDAY, Duration.ofDays(20));
        certificates.issue("ca", "expired", "EC", temp.resolve("expired.d"), Duration.ofDays(-10), Duration.ofDays(5));
        certificates.issue("other", "stranger", "EC", temp.resolve("stranger.d"), YESTERDAY, Duration.ofDays(20));
    }

    @BeforeEach
    void useFirst() {
        use("first.d", "tls.crt", "tls.key", "ca.crt");
    }

    private void use(String from, String... files) {
        try {
            for (String file : files) {
                Files.copy(temp.resolve(from).resolve(file), dir.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private TestAgent start() {
        return new TestAgent(TestAgent.Setup.standard().tls(dir).view(TlsServerTest::onEveryAddress));
    }

    private static AgentView onEveryAddress(AgentView view) {
        return view.withConfig(TestAgent.bound(view.config(), "0.0.0.0", 0));
    }

    /** Until when the certificate is valid that a client of the directory {@code trusted} is shown at the pod's address. */
    private static Instant shown(TestAgent agent, String trusted) {
        ClientSSLOptions tls = TlsMaterial.check(
                        agent.vertx, TestAgent.await(TlsFiles.read(agent.vertx, temp.resolve(trusted))))
                .client();
        HttpClient client = agent.vertx.createHttpClient(
                new HttpClientOptions().setSsl(true).setVerifyHost(false).setTrustOptions(tls.getTrustOptions()));
        try {
            return TestAgent.await(client.request(HttpMethod.GET, agent.port(), "127.0.0.2", "/health/live")
                    .compose(request -> request.send())
                    .map(response -> {
                        try {
                            assertThat(response.statusCode()).isEqualTo(200);
                            var session = response.request().connection().sslSession();
                            assertThat(session.getProtocol()).isIn("TLSv1.2", "TLSv1.3");
                            return ((X509Certificate) session.getPeerCertificates()[0])
                                    .getNotAfter()
                                    .toInstant();
                        } catch (SSLPeerUnverifiedException e) {
                            throw new IllegalStateException(e);
                        }
                    }));
        } finally {
            TestAgent.await(client.close());
        }
    }

    @Test
    void thePodsAddressSpeaksTlsAndLoopbackSpeaksPlainOnOnePort() {
        try (TestAgent agent = start()) {
            assertThat(agent.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(Duration.between(Instant.now(), shown(agent, "first.d")))
                    .isBetween(Duration.ofDays(8), Duration.ofDays(10));
            assertThatThrownBy(() -> agent.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.2:" + agent.port() + "/status"))))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> shown(agent, "stranger.d")).hasStackTraceContaining("PKIX");
            assertThat(agent.metric("ringrift_certificate_not_after_seconds"))
                    .isGreaterThan(Instant.now().getEpochSecond());
        }
    }

    @Test
    void aNewCertificateIsShownWithoutARestartAndABadOneIsNot() {
        try (TestAgent agent = start()) {
            Instant first = shown(agent, "first.d");
            use("stranger.d", "tls.crt");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(agent.metric("ringrift_certificate_refused_total"))
                            .isEqualTo(1));
            assertThat(shown(agent, "first.d")).isEqualTo(first);
            use("expired.d", "tls.crt", "tls.key");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(agent.metric("ringrift_certificate_refused_total"))
                            .isGreaterThan(1));
            assertThat(shown(agent, "first.d")).isEqualTo(first);
            use("second.d", "tls.crt", "tls.key");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(shown(agent, "first.d")).isAfter(first));
        }
    }

    @Test
    void aDirectoryThatCannotBeUsedIsOneSentence() throws IOException {
        use("stranger.d", "tls.key");
        assertThatThrownBy(this::start)
                .isInstanceOf(TlsException.class)
                .hasMessage("tls.key is not the key of the certificate in tls.crt");
        Files.delete(dir.resolve("tls.key"));
        assertThatThrownBy(this::start).isInstanceOf(TlsException.class).hasMessageContaining("tls.key cannot be read");
    }

    @Test
    void aPortThatIsTakenIsOneSentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> new TestAgent(TestAgent.Setup.standard()
                            .view(view -> view.withConfig(
                                    TestAgent.bound(view.config(), "127.0.0.1", taken.getLocalPort())))))
                    .isInstanceOf(ListenException.class)
                    .hasMessage("Failed to bind to HTTP port " + taken.getLocalPort()
                            + " on 127.0.0.1: another process listens there; set RINGRIFT_P2P_PORT to a free one.");
        }
        assertThatThrownBy(() -> new TestAgent(TestAgent.Setup.standard()
                        .view(view -> view.withConfig(TestAgent.bound(view.config(), "192.0.2.1", 0)))))
                .isInstanceOf(ListenException.class)
                .hasMessageContaining("must be an address of this machine");
    }

    @Test
    void aRotatedCredentialIsAcceptedBesideTheOldOneForAWhile() {
        try (TestAgent agent = TestAgent.standard()) {
            agent.credential.replace(Optional.of(new Secret("another-token-of-length")), agent.now.get());
            assertThat(agent.change("POST", "/cluster/messages", "{}").statusCode())
                    .isEqualTo(200);
            agent.now.updateAndGet(now -> now.plusSeconds(61));
            assertThat(agent.change("POST", "/cluster/messages", "{}").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void whereToListen() {
        AgentConfig.Network anywhere =
                TestAgent.bound(TestAgent.view().config(), "0.0.0.0", 8770).network();
        AgentConfig.Network local =
                TestAgent.bound(TestAgent.view().config(), "127.0.0.1", 8770).network();
        List<String> loopbacks = List.of("127.0.0.1", "::1");
        assertThat(Listener.plan(anywhere, "10.0.0.5", false, loopbacks))
                .containsExactly(new Listener("0.0.0.0", false));
        assertThat(Listener.plan(anywhere, "10.0.0.5", true, loopbacks))
                .containsExactly(
                        new Listener("10.0.0.5", true), new Listener("127.0.0.1", false), new Listener("::1", false));
        assertThat(Listener.plan(local, "10.0.0.5", true, loopbacks))
                .containsExactly(new Listener("127.0.0.1", false), new Listener("::1", false));
    }
}
