package io.ringrift.operator.pki;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Iterator;
import org.wildfly.common.bytes.ByteStringBuilder;
import org.wildfly.common.iteration.ByteIterator;
import org.wildfly.common.iteration.CodePointIterator;
import org.wildfly.security.pem.PemEntry;

/** Text form of certificates (X.509) and private keys (PKCS #8: what the JDK, Netty and OpenSSL all read). */
final class Pem {

    private Pem() {}

    static String encode(X509Certificate certificate) {
        var text = new ByteStringBuilder();
        org.wildfly.security.pem.Pem.generatePemX509Certificate(text, certificate);
        return new String(text.toArray(), StandardCharsets.US_ASCII);
    }

    static String encode(PrivateKey key) {
        var text = new ByteStringBuilder();
        org.wildfly.security.pem.Pem.generatePemContent(text, "PRIVATE KEY", ByteIterator.ofBytes(key.getEncoded()));
        return new String(text.toArray(), StandardCharsets.US_ASCII);
    }

    /** @throws InvalidPemException when the first object of the text is not a certificate */
    static X509Certificate certificate(String pem) throws InvalidPemException {
        return first(pem, X509Certificate.class, "a certificate (BEGIN CERTIFICATE)");
    }

    /** @throws InvalidPemException when the first object of the text is not a private key; never quotes the text */
    static PrivateKey privateKey(String pem) throws InvalidPemException {
        return first(pem, PrivateKey.class, "a private key (PKCS #8, BEGIN PRIVATE KEY)");
    }

    private static <T> T first(String pem, Class<T> kind, String wanted) throws InvalidPemException {
        try {
            Iterator<PemEntry<?>> entries =
                    org.wildfly.security.pem.Pem.parsePemContent(CodePointIterator.ofString(pem));
            T first = entries.hasNext() ? entries.next().tryCast(kind) : null;
            if (first != null) {
                return first;
            }
        } catch (RuntimeException unreadable) {
            throw new InvalidPemException("cannot be read as " + wanted);
        }
        throw new InvalidPemException("is not " + wanted);
    }

    /** Why a text is not what it should be, as the end of a sentence that begins with the text's name. Quotes nothing. */
    static final class InvalidPemException extends Exception {
        InvalidPemException(String predicate) {
            super(predicate);
        }
    }
}
