package io.ringrift.operator.pki;

import io.ringrift.operator.pki.Pem.InvalidPemException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.wildfly.security.x500.GeneralName;
import org.wildfly.security.x500.X500;
import org.wildfly.security.x500.cert.AuthorityKeyIdentifierExtension;
import org.wildfly.security.x500.cert.BasicConstraintsExtension;
import org.wildfly.security.x500.cert.ExtendedKeyUsageExtension;
import org.wildfly.security.x500.cert.KeyUsage;
import org.wildfly.security.x500.cert.KeyUsageExtension;
import org.wildfly.security.x500.cert.SubjectAlternativeNamesExtension;
import org.wildfly.security.x500.cert.SubjectKeyIdentifierExtension;
import org.wildfly.security.x500.cert.X509CertificateBuilder;
import org.wildfly.security.x500.cert.util.KeyUtil;

/**
 * The private certificate authority of one cluster: whoever holds a certificate from it is an agent of that cluster.
 *
 * <p>Keys are EC P-256. Signing uses the JDK's own providers; no security provider is registered.
 */
public final class CertificateAuthority {

    /** How long the authority's own certificate holds. */
    public static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);

    /** How long an agent's certificate holds. */
    public static final Duration CERTIFICATE_LIFE = Duration.ofDays(365);

    private static final String SIGNATURE = "SHA256withECDSA";

    private static final int NO_PATH = -1;

    private final X509Certificate certificate;
    private final PrivateKey key;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** A new authority with a new key for the cluster of that name; both names are DNS labels. */
    public static CertificateAuthority create(String namespace, String name, Instant now, SecureRandom random) {
        KeyPair keys = newKeys(random);
        var subject = new X500Principal("CN=" + name + ",OU=" + namespace + ",O=RingRift CA");
        return selfSigned(subject, keys.getPublic(), keys.getPrivate(), now, random);
    }

    /**
     * The authority that was stored as text.
     *
     * @throws InvalidPemException when one of the texts cannot be read or the two do not belong together
     */
    static CertificateAuthority parse(String certificatePem, String privateKeyPem) throws InvalidPemException {
        var authority = new CertificateAuthority(Pem.certificate(certificatePem), Pem.privateKey(privateKeyPem));
        if (authority.certificate.getBasicConstraints() < 0) {
            throw new InvalidPemException("is not the certificate of an authority (CA:TRUE)");
        }
        if (!matches(authority.certificate.getPublicKey(), authority.key)) {
            throw new InvalidPemException("does not belong to the private key beside it");
        }
        return authority;
    }

    /**
     * The same authority for another ten years: same name, same key. Certificates it signed before are trusted under the
     * new certificate and new ones under the old, so that agents may take it over in any order.
     */
    public CertificateAuthority renew(Instant now, SecureRandom random) {
        return selfSigned(certificate.getSubjectX500Principal(), certificate.getPublicKey(), key, now, random);
    }

    /** A certificate with a new key, for serving and for calling; it never outlives the authority. */
    public Identity issue(HostNames names, Instant now, SecureRandom random) {
        KeyPair keys = newKeys(random);
        Validity validity = Validity.startingAt(now, CERTIFICATE_LIFE).within(validity());
        // The subject names nobody by host: names belong into the SAN, where no length limit bites.
        var subject = new X500Principal("CN=ringrift-agent,O=RingRift");
        X509Certificate issued =
                sign(builder(certificate.getSubjectX500Principal(), subject, keys.getPublic(), validity, random)
                        .addExtension(new BasicConstraintsExtension(true, false, NO_PATH))
                        .addExtension(new KeyUsageExtension(true, KeyUsage.digitalSignature))
                        .addExtension(new ExtendedKeyUsageExtension(
                                false, List.of(X500.OID_KP_SERVER_AUTH, X500.OID_KP_CLIENT_AUTH)))
                        .addExtension(new SubjectAlternativeNamesExtension(
                                false,
                                names.dnsNames().stream()
                                        .<GeneralName>map(GeneralName.DNSName::new)
                                        .toList()))
                        // By key alone, never by issuer and serial number: it must survive renew().
                        .addExtension(new AuthorityKeyIdentifierExtension(
                                KeyUtil.getKeyIdentifier(certificate.getPublicKey()), List.of(), null))
                        .setSigningKey(key));
        return new Identity(Pem.encode(issued), Pem.encode(keys.getPrivate()), Validity.of(issued));
    }

    /** Whether this authority, or the one it was renewed from, signed that certificate. */
    boolean signed(X509Certificate other) {
        try {
            other.verify(certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** When the authority's certificate holds. */
    public Validity validity() {
        return Validity.of(certificate);
    }

    /** What everybody may see: the certificate that agents trust. */
    public String certificatePem() {
        return Pem.encode(certificate);
    }

    /** Secret: whoever has it can make agents. */
    public String privateKeyPem() {
        return Pem.encode(key);
    }

    /** Whether the two halves are of one key pair. */
    static boolean matches(PublicKey publicKey, PrivateKey privateKey) {
        byte[] probe = {1, 2, 3};
        try {
            var signer = Signature.getInstance(SIGNATURE);
            signer.initSign(privateKey);
            signer.update(probe);
            byte[] signature = signer.sign();
            var verifier = Signature.getInstance(SIGNATURE);
            verifier.initVerify(publicKey);
            verifier.update(probe);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static CertificateAuthority selfSigned(
            X500Principal subject, PublicKey publicKey, PrivateKey key, Instant now, SecureRandom random) {
        Validity validity = Validity.startingAt(now, AUTHORITY_LIFE);
        return new CertificateAuthority(
                sign(builder(subject, subject, publicKey, validity, random)
                        .addExtension(new BasicConstraintsExtension(true, true, 0))
                        .addExtension(new KeyUsageExtension(true, KeyUsage.keyCertSign, KeyUsage.cRLSign))
                        .addExtension(new SubjectKeyIdentifierExtension(KeyUtil.getKeyIdentifier(publicKey)))
                        .setSigningKey(key)),
                key);
    }

    private static X509CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, PublicKey key, Validity validity, SecureRandom random) {
        return new X509CertificateBuilder()
                .setIssuerDn(issuer)
                // 127 bits, above zero: unique without a counter that would have to be stored.
                .setSerialNumber(new BigInteger(127, random).setBit(126))
                .setNotValidBefore(validity.notBefore().atZone(ZoneOffset.UTC))
                .setNotValidAfter(validity.notAfter().atZone(ZoneOffset.UTC))
                .setSubjectDn(subject)
                .setPublicKey(key)
                .setSignatureAlgorithmName(SIGNATURE);
    }

    private static X509Certificate sign(X509CertificateBuilder builder) {
        try {
            return builder.build();
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IllegalStateException("this JVM cannot sign certificates with " + SIGNATURE, e);
        }
    }

    private static KeyPair newKeys(SecureRandom random) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM cannot make EC keys", e);
        }
    }
}
