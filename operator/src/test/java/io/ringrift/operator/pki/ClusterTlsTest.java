package io.ringrift.operator.pki;

import static io.ringrift.operator.pki.ClusterTls.AUTHORITY_CERTIFICATE;
import static io.ringrift.operator.pki.ClusterTls.AUTHORITY_KEY;
import static io.ringrift.operator.pki.ClusterTls.CERTIFICATE;
import static io.ringrift.operator.pki.ClusterTls.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.operator.pki.ClusterTls.Outcome;
import io.ringrift.operator.pki.ClusterTls.Outcome.Blocked;
import io.ringrift.operator.pki.ClusterTls.Outcome.Ready;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterTlsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final SecureRandom random = new SecureRandom();

    @Test
    void makesEverythingWhereNothingIs() throws Exception {
        Ready made = ready(decide(Map.of(), Map.of(), NOW));

        assertThat(made.changes()).hasSize(2);
        assertThat(made.authority()).containsOnlyKeys(AUTHORITY_CERTIFICATE, AUTHORITY_KEY);
        assertThat(made.agents())
                .containsOnlyKeys(CERTIFICATE, KEY, AUTHORITY_CERTIFICATE)
                .containsEntry(AUTHORITY_CERTIFICATE, made.authority().get(AUTHORITY_CERTIFICATE))
                .doesNotContainValue(made.authority().get(AUTHORITY_KEY));
        X509Certificate certificate = Pem.certificate(made.agents().get(CERTIFICATE));
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(365)));
        assertThat(certificate.getSubjectAlternativeNames().toString())
                .contains("*.demo-peers.games.svc")
                .contains("demo.games.svc.cluster.local")
                .contains("localhost");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    }

    @Test
    void keepsWhatIsGood() {
        Ready made = ready(decide(Map.of(), Map.of(), NOW));

        Ready again = ready(decide(made.authority(), made.agents(), NOW.plus(Duration.ofDays(200))));

        assertThat(again.changes()).isEmpty();
        assertThat(again.authority()).isEqualTo(made.authority());
        assertThat(again.agents()).isEqualTo(made.agents());
        assertThat(again.renewAt()).isEqualTo(made.renewAt()).isAfter(NOW.plus(Duration.ofDays(240)));
    }

    @Test
    void renewsTheAgentsCertificateAtTwoThirdsAndKeepsTheAuthority() {
        Ready made = ready(decide(Map.of(), Map.of(), NOW));

        Ready renewed = ready(decide(made.authority(), made.agents(), made.renewAt()));

        assertThat(renewed.changes()).singleElement().asString().contains("two thirds");
        assertThat(renewed.authority()).isEqualTo(made.authority());
        assertThat(renewed.agents()).isNotEqualTo(made.agents());
        assertThat(ready(decide(renewed.authority(), renewed.agents(), made.renewAt()))
                        .changes())
                .isEmpty();
    }

    @Test
    void renewsTheAuthorityWithTheSameKeySoThatOldAndNewTrustEachOther() throws Exception {
        var old = CertificateAuthority.create("games", "demo", NOW, random);
        Instant later = NOW.plus(Duration.ofDays(7 * 365));
        Identity before = old.issue(HostNames.of("games", "demo"), later, random);

        Ready renewed = ready(decide(
                Map.of(AUTHORITY_CERTIFICATE, old.certificatePem(), AUTHORITY_KEY, old.privateKeyPem()),
                Map.of(CERTIFICATE, before.certificatePem(), KEY, before.privateKeyPem()),
                later));

        assertThat(renewed.changes()).singleElement().asString().contains("authority");
        assertThat(renewed.authority().get(AUTHORITY_KEY)).isEqualTo(old.privateKeyPem());
        assertThat(renewed.agents().get(CERTIFICATE))
                .as("a good certificate is kept")
                .isEqualTo(before.certificatePem());
        var successor = CertificateAuthority.parse(
                renewed.authority().get(AUTHORITY_CERTIFICATE),
                renewed.authority().get(AUTHORITY_KEY));
        Identity after = successor.issue(HostNames.of("games", "demo"), later, random);
        assertThat(old.signed(Pem.certificate(after.certificatePem()))).isTrue();
        assertThat(successor.signed(Pem.certificate(before.certificatePem()))).isTrue();
    }

    @Test
    void aCertificateNeverOutlivesItsAuthority() {
        var authority = CertificateAuthority.create("games", "demo", NOW, random);
        Instant nearTheEnd = authority.validity().notAfter().minus(Duration.ofDays(10));

        Identity identity = authority.issue(HostNames.of("games", "demo"), nearTheEnd, random);

        assertThat(identity.validity().notAfter())
                .isEqualTo(authority.validity().notAfter());
    }

    @ParameterizedTest
    @ValueSource(strings = {CERTIFICATE, KEY})
    void replacesAnAgentsCertificateThatIsDamagedOrGone(String key) {
        Ready made = ready(decide(Map.of(), Map.of(), NOW));
        var damaged = new HashMap<>(made.agents());
        damaged.put(key, "-----BEGIN CERTIFICATE-----\nnot base64 at all\n-----END CERTIFICATE-----\n");
        var gone = new HashMap<>(made.agents());
        gone.remove(key);

        assertThat(ready(decide(made.authority(), damaged, NOW)).changes())
                .singleElement()
                .asString()
                .contains("could not be read");
        assertThat(ready(decide(made.authority(), gone, NOW)).changes())
                .singleElement()
                .asString()
                .contains("there was none");
    }

    @Test
    void replacesACertificateOfAnotherKeyAuthorityOrName() {
        Ready made = ready(decide(Map.of(), Map.of(), NOW));
        Ready foreign = ready(decide(Map.of(), Map.of(), NOW));
        var mixed = new HashMap<>(made.agents());
        mixed.put(KEY, foreign.agents().get(KEY));

        assertThat(ready(decide(made.authority(), mixed, NOW)).changes().getFirst())
                .contains("did not fit its key");
        assertThat(ready(decide(made.authority(), foreign.agents(), NOW))
                        .changes()
                        .getFirst())
                .contains("not from the cluster's authority");
        assertThat(ready(ClusterTls.decide("games", "renamed", made.authority(), made.agents(), NOW, random))
                        .changes()
                        .getFirst())
                .contains("other names");
    }

    @Test
    void neverReplacesAnAuthorityThatCannotBeUsed() {
        Ready made = ready(decide(Map.of(), Map.of(), NOW));
        Ready foreign = ready(decide(Map.of(), Map.of(), NOW));
        String certificate = made.authority().get(AUTHORITY_CERTIFICATE);
        String key = made.authority().get(AUTHORITY_KEY);

        assertBlocked(Map.of(AUTHORITY_CERTIFICATE, certificate), "key ca.key is missing");
        assertBlocked(Map.of(AUTHORITY_KEY, key), "key ca.crt is missing");
        assertBlocked(Map.of(AUTHORITY_CERTIFICATE, "", AUTHORITY_KEY, key), "is not a certificate");
        assertBlocked(Map.of(AUTHORITY_CERTIFICATE, certificate, AUTHORITY_KEY, "x"), "is not a private key");
        assertBlocked(
                Map.of(
                        AUTHORITY_CERTIFICATE,
                        certificate,
                        AUTHORITY_KEY,
                        foreign.authority().get(AUTHORITY_KEY)),
                "does not belong to the private key");
        assertBlocked(
                Map.of(
                        AUTHORITY_CERTIFICATE,
                        made.agents().get(CERTIFICATE),
                        AUTHORITY_KEY,
                        made.agents().get(KEY)),
                "is not the certificate of an authority");
    }

    @Test
    void noStringFormShowsAKey() {
        Ready made = ready(decide(Map.of(), Map.of(), NOW));
        var identity = CertificateAuthority.create("games", "demo", NOW, random)
                .issue(HostNames.of("games", "demo"), NOW, random);

        assertThat(made.toString()).doesNotContain("PRIVATE");
        assertThat(identity.toString()).doesNotContain("PRIVATE");
    }

    private void assertBlocked(Map<String, String> authority, String why) {
        assertThat(decide(authority, Map.of(), NOW))
                .isInstanceOfSatisfying(
                        Blocked.class,
                        blocked -> assertThat(blocked.problem())
                                .startsWith("Secret demo-ca: ")
                                .contains(why)
                                .contains("delete the Secret")
                                .doesNotContain("PRIVATE KEY-----"));
    }

    private Outcome decide(Map<String, String> authority, Map<String, String> agents, Instant now) {
        return ClusterTls.decide("games", "demo", authority, agents, now, random);
    }

    private static Ready ready(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Ready.class);
        return (Ready) outcome;
    }
}
