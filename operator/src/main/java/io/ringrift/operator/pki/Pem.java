package io.ringrift.operator.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Text form of certificates (X.509) and private keys (PKCS #8: what the JDK, Netty and OpenSSL all read). */
final class Pem {

    private Pem() {}

    static String encode(X509Certificate certificate) {
        try {
            return write("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that was just made has no encoding", e);
        }
    }

    static String encode(PrivateKey key) {
        return write("PRIVATE KEY", key.getEncoded());
    }

    /** @throws InvalidPemException when the first object of the text is not a certificate */
    static X509Certificate certificate(String pem) throws InvalidPemException {
        if (!(first(pem, "a certificate") instanceof X509CertificateHolder holder)) {
            throw new InvalidPemException("is not a certificate (BEGIN CERTIFICATE)");
        }
        try (var encoded = new ByteArrayInputStream(holder.getEncoded())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(encoded);
        } catch (IOException | CertificateException e) {
            throw new InvalidPemException("is not a readable certificate");
        }
    }

    /** @throws InvalidPemException when the first object of the text is not a private key; never quotes the text */
    static PrivateKey privateKey(String pem) throws InvalidPemException {
        if (!(first(pem, "a private key") instanceof PrivateKeyInfo info)) {
            throw new InvalidPemException("is not a private key (PKCS #8, BEGIN PRIVATE KEY)");
        }
        try {
            return new JcaPEMKeyConverter().getPrivateKey(info);
        } catch (IOException e) {
            throw new InvalidPemException("is not a readable private key");
        }
    }

    private static Object first(String pem, String wanted) throws InvalidPemException {
        try (var parser = new PEMParser(new StringReader(pem))) {
            return parser.readObject();
        } catch (IOException | RuntimeException e) {
            throw new InvalidPemException("cannot be read as " + wanted);
        }
    }

    private static String write(String type, byte[] encoded) {
        var text = new StringWriter();
        try (var writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, encoded));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    /** Why a text is not what it should be, as the end of a sentence that begins with the text's name. Quotes nothing. */
    static final class InvalidPemException extends Exception {
        InvalidPemException(String predicate) {
            super(predicate);
        }
    }
}
