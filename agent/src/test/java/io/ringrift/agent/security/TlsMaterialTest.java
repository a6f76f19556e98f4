package io.ringrift.agent.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only what belongs together is taken, and what is wrong is said. */
class TlsMaterialTest {
    @TempDir
    static Path temp;

    private static final Vertx VERTX = Vertx.vertx();
    private static Certificates certificates;
    private static TlsFiles rsa;
    private static TlsFiles ec;
    private static TlsFiles stranger;

    @BeforeAll
    static void issue() throws IOException {
        certificates = new Certificates().authority("ca").authority("other");
        certificates.issue("ca", "rsa", "RSA", temp.resolve("rsa.d"));
        certificates.issue("ca", "ec", "EC", temp.resolve("ec.d"));
        certificates.issue("other", "stranger", "EC", temp.resolve("stranger.d"));
        rsa = read("rsa.d");
        ec = read("ec.d");
        stranger = read("stranger.d");
    }

    @AfterAll
    static void close() {
        VERTX.close().await();
    }

    private static TlsFiles read(String directory) throws IOException {
        Path path = temp.resolve(directory);
        return new TlsFiles(
                Buffer.buffer(Files.readAllBytes(path.resolve("tls.crt"))),
                Buffer.buffer(Files.readAllBytes(path.resolve("tls.key"))),
                Buffer.buffer(Files.readAllBytes(path.resolve("ca.crt"))));
    }

    private static void assertRefused(TlsFiles files, String why) {
        assertThatThrownBy(() -> TlsMaterial.check(VERTX, files))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining(why);
    }

    @Test
    void rsaAndEcKeysInTheUsualForms() {
        assertThat(TlsMaterial.check(VERTX, rsa).notAfter()).isAfter(Instant.now());
        assertThat(TlsMaterial.check(VERTX, ec).notBefore()).isBefore(Instant.now());
        TlsFiles pkcs1 = new TlsFiles(
                rsa.certificate(), Buffer.buffer(Certificates.pkcs1(certificates.key("rsa"))), rsa.authority());
        assertThat(TlsMaterial.check(VERTX, pkcs1).notAfter()).isAfter(Instant.now());
    }

    @Test
    void aCertificateThatIsItsOwnAuthority() {
        Buffer own = rsa.authority();
        TlsMaterial material = TlsMaterial.check(
                VERTX, new TlsFiles(own, Buffer.buffer(Certificates.pkcs8(certificates.key("ca"))), own));
        assertThat(material.notAfter()).isAfter(Instant.now());
    }

    @Test
    void whatDoesNotBelongTogetherIsRefused() {
        assertRefused(new TlsFiles(rsa.certificate(), ec.key(), rsa.authority()), "is not the key of the certificate");
        assertRefused(
                new TlsFiles(ec.certificate(), stranger.key(), ec.authority()), "is not the key of the certificate");
        assertRefused(new TlsFiles(ec.certificate(), ec.key(), stranger.authority()), "does not chain to ca.crt");
    }

    @Test
    void whatCannotBeReadIsRefusedWithoutQuotingIt() {
        Buffer nonsense = Buffer.buffer("nonsense");
        assertRefused(new TlsFiles(nonsense, ec.key(), ec.authority()), "tls.crt holds no certificate");
        assertRefused(new TlsFiles(ec.certificate(), ec.key(), Buffer.buffer()), "ca.crt holds no certificate");
        Buffer brokenKey = Buffer.buffer("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> TlsMaterial.check(VERTX, new TlsFiles(ec.certificate(), brokenKey, ec.authority())))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("tls.key cannot be read")
                .hasNoCause()
                .hasMessageNotContaining("c2VjcmV0");
        Buffer encrypted =
                Buffer.buffer("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        assertRefused(new TlsFiles(ec.certificate(), encrypted, ec.authority()), "encrypted");
    }
}
