package io.ringrift.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class RandomSecretsTest {

    private final SecureRandom random = new SecureRandom();

    @Test
    void aTokenIs32RandomBytesThatNeedNoEscaping() {
        String token = RandomSecrets.token(random);

        assertThat(token).matches("[A-Za-z0-9_-]{43}").isNotEqualTo(RandomSecrets.token(random));
        assertThat(Base64.getUrlDecoder().decode(token)).hasSize(32);
    }

    @Test
    void aGossipKeyIs32RandomBytesInPlainBase64() {
        String key = RandomSecrets.gossipKey(random);

        assertThat(Base64.getDecoder().decode(key)).hasSize(32);
        assertThat(key).isNotEqualTo(RandomSecrets.gossipKey(random));
    }
}
