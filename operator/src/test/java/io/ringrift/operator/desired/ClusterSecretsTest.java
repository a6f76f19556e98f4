package io.ringrift.operator.desired;

import static io.ringrift.operator.desired.Clusters.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.ringrift.operator.pki.GossipRing;
import io.ringrift.operator.pki.GossipRing.Occasion;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ClusterSecretsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final KnownCertificates known = new KnownCertificates();
    private final SecureRandom random = new SecureRandom();
    private final ClusterModel model = model("");

    @Test
    void makesWhatIsMissing() {
        ClusterSecrets made = decide(model, Map.of());

        assertThat(made.changes()).hasSize(4);
        assertThat(made.problems()).isEmpty();
        assertThat(made.renewAt()).isPresent();
        assertThat(stored(made)).containsOnlyKeys("demo-credential", "demo-gossip", "demo-ca", "demo-tls");
        assertThat(stored(made).get("demo-tls").getType()).isEqualTo("kubernetes.io/tls");
        assertThat(stored(made).get("demo-gossip").getData().get("keys"))
                .isEqualTo(base64(made.gossip().orElseThrow().text()));
    }

    @Test
    void keepsWhatIsStored() {
        ClusterSecrets made = decide(model, Map.of());

        ClusterSecrets again = ClusterSecrets.decide(
                model, stored(made), Occasion.NONE, known, NOW.plus(Duration.ofDays(100)), random);

        assertThat(again.changes()).isEmpty();
        assertThat(again.secrets(model)).isEqualTo(made.secrets(model));
    }

    @Test
    void certificatesThatWereFoundGoodAreCheckedAgainWhenTheyChangeOrAreDue() {
        ClusterSecrets made = decide(model, Map.of());
        Map<String, Secret> stored = stored(made);
        assertThat(decide(model, stored).changes()).isEmpty();
        assertThat(decide(model, stored)).isEqualTo(decide(model, stored));

        Map<String, Secret> other = new HashMap<>(stored);
        other.put("demo-tls", stored(decide(model, Map.of())).get("demo-tls"));
        assertThat(decide(model, other).changes()).singleElement().asString().contains("authority");

        Instant due = made.renewAt().orElseThrow();
        assertThat(ClusterSecrets.decide(model, stored, Occasion.NONE, known, due.minusMillis(1), random)
                        .changes())
                .isEmpty();
        assertThat(ClusterSecrets.decide(model, stored, Occasion.NONE, known, due, random)
                        .changes())
                .hasSize(1);
    }

    @Test
    void renewsCertificatesAndNothingElseWhenTheyAreDue() {
        ClusterSecrets made = decide(model, Map.of());

        ClusterSecrets renewed = ClusterSecrets.decide(
                model, stored(made), Occasion.NONE, known, made.renewAt().orElseThrow(), random);

        assertThat(renewed.changes()).hasSize(1);
        assertThat(renewed.token()).isEqualTo(made.token());
        assertThat(renewed.gossip()).isEqualTo(made.gossip());
        assertThat(renewed.authority()).isEqualTo(made.authority());
        assertThat(renewed.agents()).isNotEqualTo(made.agents());
    }

    @Test
    void makesNothingThatIsSwitchedOff() {
        ClusterModel plain = model("{stage: 0, security: {tls: false, gossipEncryption: false}}");

        ClusterSecrets made = decide(plain, Map.of());

        assertThat(stored(made)).containsOnlyKeys("demo-credential");
        assertThat(made.renewAt()).isEmpty();
    }

    @Test
    void aKeyringOfSeveralLinesIsKeptAsItIs() {
        String ring = base64("0".repeat(32)) + "\n\n" + base64("1".repeat(32)) + "\n";

        ClusterSecrets kept = decide(model, Map.of("demo-gossip", secret("keys", ring)));

        assertThat(kept.gossip().orElseThrow().text()).isEqualTo(ring);
        assertThat(kept.problems()).isEmpty();
    }

    @Test
    void aGossipKeyIsReplacedStepByStepWhateverOperatorTakesThem() {
        ClusterSecrets made = decide(model, Map.of());
        Occasion asked = new Occasion(Optional.of("leaked"), true);
        Map<String, Secret> stored = stored(made);
        Instant now = NOW;
        for (int keys : List.of(2, 2, 1, 1)) {
            ClusterSecrets next = ClusterSecrets.decide(model, stored, asked, known, now, random);
            assertThat(next.gossip().orElseThrow().text().lines()).hasSize(keys);
            assertThat(next.token()).isEqualTo(made.token());
            stored = stored(next);
            now = now.plus(GossipRing.SPREADING);
        }
        assertThat(stored.get("demo-gossip").getData())
                .isNotEqualTo(stored(made).get("demo-gossip").getData());
    }

    @Test
    void saysWhatIsWrongWithAStoredSecretAndLeavesItAlone() {
        ClusterSecrets kept = decide(
                model,
                Map.of(
                        "demo-credential", secret("token", "too-short"),
                        "demo-gossip", secret("keys", base64("0".repeat(32)) + "\nrubbish!"),
                        "demo-ca", secret("ca.crt", "rubbish")));

        assertThat(kept.token()).isEqualTo("too-short");
        assertThat(kept.gossip().orElseThrow().text()).endsWith("rubbish!");
        assertThat(kept.problems())
                .hasSize(3)
                .anySatisfy(problem -> assertThat(problem).contains("demo-credential", "9 characters", "16"))
                .anySatisfy(problem -> assertThat(problem).contains("demo-gossip", "line 2"))
                .anySatisfy(problem -> assertThat(problem).contains("demo-ca", "ca.key is missing"));
        assertThat(String.join(" ", kept.problems())).doesNotContain("too-short", "rubbish");
        assertThat(stored(kept)).doesNotContainKeys("demo-ca", "demo-tls");
    }

    @Test
    void anEmptyCredentialIsMadeAnew() {
        ClusterSecrets made = decide(model, Map.of("demo-credential", secret("token", " \n")));

        assertThat(made.token()).hasSize(43);
        assertThat(made.changes()).anySatisfy(change -> assertThat(change).contains("demo-credential"));
    }

    @Test
    void noStringFormShowsASecret() {
        ClusterSecrets made = decide(model, Map.of());

        assertThat(made.toString())
                .doesNotContain(made.token(), made.gossip().orElseThrow().text(), "PRIVATE");
    }

    private ClusterSecrets decide(ClusterModel of, Map<String, Secret> stored) {
        return ClusterSecrets.decide(of, stored, Occasion.NONE, known, NOW, random);
    }

    private Map<String, Secret> stored(ClusterSecrets secrets) {
        return new HashMap<>(secrets.secrets(model).stream()
                .map(Secret.class::cast)
                .collect(Collectors.toMap(ClusterSecretsTest::name, Function.identity())));
    }

    private static String name(HasMetadata object) {
        return object.getMetadata().getName();
    }

    private static Secret secret(String key, String text) {
        return new SecretBuilder().withData(Map.of(key, base64(text))).build();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
