package io.ringrift.agent.security;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Authorities, and certificates of theirs as PEM files. */
public final class Certificates {
    private final Map<String, KeyPair> keys = new HashMap<>();
    private final Map<String, String> authorities = new HashMap<>();
    private long serial;

    /** A new authority, for 30 days. */
    public Certificates authority(String name) {
        Instant now = Instant.now();
        KeyPair pair = newKeys("EC");
        keys.put(name, pair);
        authorities.put(name, sign(name, name, pair.getPublic(), now, now.plus(Duration.ofDays(30)), true));
        return this;
    }

    /** Writes tls.crt, tls.key (PKCS #8) and ca.crt into {@code into}. @param start when it begins to be valid, from now; before it is negative */
    public void issue(String authority, String name, String algorithm, Path into, Duration start, Duration length) {
        KeyPair pair = newKeys(algorithm);
        keys.put(name, pair);
        Instant from = Instant.now().plus(start);
        try {
            Files.createDirectories(into);
            Files.writeString(into.resolve("tls.key"), pkcs8(pair.getPrivate()));
            Files.writeString(
                    into.resolve("tls.crt"), sign(authority, name, pair.getPublic(), from, from.plus(length), false));
            Files.writeString(into.resolve("ca.crt"), authorities.get(authority));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public void issue(String authority, String name, String algorithm, Path into) {
        issue(authority, name, algorithm, into, Duration.ofDays(-1), Duration.ofDays(20));
    }

    PrivateKey key(String name) {
        return keys.get(name).getPrivate();
    }

    static String pkcs8(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /** An RSA key's PKCS #1 form, which PKCS #8 wraps. */
    static String pkcs1(PrivateKey key) {
        try {
            return pem(
                    "RSA PRIVATE KEY",
                    PrivateKeyInfo.getInstance(key.getEncoded())
                            .parsePrivateKey()
                            .toASN1Primitive()
                            .getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String sign(
            String authority, String name, PublicKey key, Instant from, Instant until, boolean isAuthority) {
        KeyPair issuer = keys.get(authority);
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Principal("CN=" + authority),
                    BigInteger.valueOf(++serial),
                    Date.from(from),
                    Date.from(until),
                    new X500Principal("CN=" + name),
                    key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate());
            return pem("CERTIFICATE", builder.build(signer).getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair newKeys(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }
}
