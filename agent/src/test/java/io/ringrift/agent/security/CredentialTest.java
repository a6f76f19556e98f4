package io.ringrift.agent.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.Secret;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A rotation locks nobody out, and the old credential does not live on. */
class CredentialTest {
    private static final Duration NOW = Duration.ofSeconds(1000);
    private final Credential credential = new Credential(Optional.of(new Secret("first-credential-1")));

    @Test
    void theReplacedOneIsAcceptedForTheGraceOnly() {
        credential.replace(Optional.of(new Secret("second-credential-2")), NOW);
        assertThat(credential.current().orElseThrow().reveal()).isEqualTo("second-credential-2");
        assertThat(credential.accepts("second-credential-2", NOW)).isTrue();
        assertThat(credential.accepts(
                        "first-credential-1", NOW.plus(Credential.GRACE).minusMillis(1)))
                .isTrue();
        assertThat(credential.accepts("first-credential-1", NOW.plus(Credential.GRACE)))
                .isFalse();
    }

    @Test
    void replacingByTheSameProlongsNothing() {
        credential.replace(Optional.of(new Secret("second-credential-2")), NOW);
        credential.replace(Optional.of(new Secret("second-credential-2")), NOW.plusSeconds(50));
        assertThat(credential.accepts("first-credential-1", NOW.plusSeconds(61)))
                .isFalse();
        assertThat(credential.accepts("second-credential-2", NOW.plusSeconds(61)))
                .isTrue();
    }

    @Test
    void onlyTheLastOneIsRemembered() {
        credential.replace(Optional.of(new Secret("second-credential-2")), NOW);
        credential.replace(Optional.of(new Secret("third-credential-33")), NOW.plusSeconds(1));
        assertThat(credential.accepts("first-credential-1", NOW.plusSeconds(2))).isFalse();
        assertThat(credential.accepts("second-credential-2", NOW.plusSeconds(2)))
                .isTrue();
    }

    @Test
    void whereThereWasNoneNothingElseIsAccepted() {
        Credential none = new Credential(Optional.empty());
        assertThat(none.accepts("", NOW)).isFalse();
        none.replace(Optional.of(new Secret("first-credential-1")), NOW);
        assertThat(none.accepts("", NOW)).isFalse();
        assertThat(none.accepts("first-credential-1", NOW)).isTrue();
    }
}
