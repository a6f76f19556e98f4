package io.ringrift.operator.pki;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * The time in which a certificate holds, and when to replace it: at two thirds of that time, so that an operator that is
 * away for weeks still comes back in time.
 *
 * @param notBefore first moment at which it holds
 * @param notAfter last moment at which it holds; after {@code notBefore}
 */
public record Validity(Instant notBefore, Instant notAfter) {

    /** Clocks of nodes differ: a certificate that has just been made must hold on the one that is behind. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    /** @throws IllegalArgumentException when the end does not come after the beginning */
    public Validity {
        if (!notAfter.isAfter(notBefore)) {
            throw new IllegalArgumentException(
                    "a certificate cannot end (" + notAfter + ") before it begins (" + notBefore + ")");
        }
    }

    static Validity of(X509Certificate certificate) {
        return new Validity(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    static Validity startingAt(Instant now, Duration length) {
        return new Validity(now.minus(CLOCK_SKEW), now.plus(length));
    }

    /** This validity, cut so that it ends no later than the issuer's: a chain is as long as its shortest link. */
    Validity within(Validity issuer) {
        return notAfter.isAfter(issuer.notAfter) ? new Validity(notBefore, issuer.notAfter) : this;
    }

    /** The moment from which a replacement is due. */
    public Instant renewAt() {
        return notBefore.plus(
                Duration.between(notBefore, notAfter).multipliedBy(2).dividedBy(3));
    }

    /** Whether a replacement is due at that time. A clock that went backwards (before the beginning) renews nothing. */
    public boolean renewalDue(Instant now) {
        return !now.isBefore(renewAt());
    }
}
