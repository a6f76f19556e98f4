package io.ringrift.operator.pki;

/**
 * A certificate and its key as text.
 *
 * @param certificatePem X.509, {@code BEGIN CERTIFICATE}
 * @param privateKeyPem PKCS #8, {@code BEGIN PRIVATE KEY}; secret
 * @param validity when the certificate holds and when it is to be replaced
 */
public record Identity(String certificatePem, String privateKeyPem, Validity validity) {

    /** Names the validity only: a key must not get into a log by way of a string. */
    @Override
    public String toString() {
        return "Identity[" + validity + "]";
    }
}
