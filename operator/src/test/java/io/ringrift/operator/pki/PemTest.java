package io.ringrift.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ringrift.operator.pki.Pem.InvalidPemException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Anybody who may write a Secret writes what is read here. */
class PemTest {
    private static final int TRIES = 2_000;

    private final CertificateAuthority authority =
            CertificateAuthority.create("games", "demo", Instant.now(), new SecureRandom());

    @Test
    void damagedTextIsReadOrRefusedAndNothingElse() {
        Random random = new Random(20_261_130);
        List<String> texts = List.of(authority.certificatePem(), authority.privateKeyPem());
        for (int i = 0; i < TRIES; i++) {
            String damaged = damage(texts.get(i % 2), random);
            read(() -> Pem.certificate(damaged), damaged);
            read(() -> Pem.privateKey(damaged), damaged);
        }
    }

    private interface Reading {
        Object read() throws InvalidPemException;
    }

    private static void read(Reading reading, String text) {
        try {
            assertThat(reading.read()).isNotNull();
        } catch (InvalidPemException refused) {
            assertThat(refused).hasMessageMatching("(is not|cannot be read as) a .*");
        } catch (RuntimeException escaped) {
            fail("on this text:\n" + text, escaped);
        }
    }

    private static String damage(String text, Random random) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(4); i >= 0 && damaged.length() > 1; i--) {
            int at = random.nextInt(damaged.length());
            switch (random.nextInt(3)) {
                case 0 -> damaged.setCharAt(at, (char) (random.nextInt(96) + 32));
                case 1 -> damaged.deleteCharAt(at);
                default -> damaged.setLength(Math.max(1, at));
            }
        }
        return damaged.toString();
    }
}
