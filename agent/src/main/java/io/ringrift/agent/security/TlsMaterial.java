package io.ringrift.agent.security;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * Certificate, key and authority that were checked to belong together: the key is the certificate's, and the certificate
 * chains to the authority. Dates are not part of that check, {@link #notAfter()} tells: a peer refuses an expired certificate anyway,
 * and an agent that does not start because of one helps nobody.
 */
public final class TlsMaterial {
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    private final TlsFiles files;
    private final List<X509Certificate> chain;
    private final List<X509Certificate> authorities;
    private final PrivateKey key;
    private final X509Certificate leaf;

    private TlsMaterial(
            TlsFiles files, List<X509Certificate> chain, List<X509Certificate> authorities, PrivateKey key) {
        this.files = files;
        this.chain = List.copyOf(chain);
        this.authorities = List.copyOf(authorities);
        this.key = key;
        this.leaf = chain.getFirst();
    }

    /**
     * Checks what was read.
     *
     * @throws TlsException when a file cannot be understood or they do not belong together
     */
    public static TlsMaterial check(Vertx vertx, TlsFiles files) {
        List<X509Certificate> chain = certificates("tls.crt", files.certificate());
        List<X509Certificate> authorities = certificates("ca.crt", files.authority());
        PrivateKey key = privateKey(vertx, files);
        checkPair(chain.getFirst(), key);
        checkChain(chain, authorities);
        return new TlsMaterial(files, chain, authorities, key);
    }

    /** This node's certificate and what it chains by, the leaf first. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** Who may vouch for a peer. */
    public List<X509Certificate> authorities() {
        return authorities;
    }

    /** Of this node's certificate. */
    public PrivateKey privateKey() {
        return key;
    }

    /** Checks that a peer's certificate was issued by one of the authorities and is valid now. */
    public void checkPeer(X509Certificate[] presented) throws CertificateException {
        if (presented.length == 0) {
            throw new CertificateException("the peer presented no certificate");
        }
        presented[0].checkValidity();
        try {
            validate(List.of(presented), authorities, new Date());
        } catch (GeneralSecurityException e) {
            throw new CertificateException("the peer's certificate does not chain to ca.crt", e);
        }
    }

    /** When peers begin to refuse the certificate. */
    public Instant notAfter() {
        return leaf.getNotAfter().toInstant();
    }

    /** From when on peers take the certificate. */
    public Instant notBefore() {
        return leaf.getNotBefore().toInstant();
    }

    /** For the listener: this certificate, TLS 1.2 or 1.3. Clients show no certificate, they present the credential. */
    public ServerSSLOptions server() {
        return new ServerSSLOptions()
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(files.certificate())
                        .addKeyValue(files.key()))
                .setEnabledSecureTransportProtocols(PROTOCOLS);
    }

    /**
     * For requests to other agents: only certificates of this authority are trusted. Host names are not verified: the authority is private to
     * the cluster, and a pod's address changes with every restart, so a name would prove nothing that the authority does not.
     */
    public ClientSSLOptions client() {
        return new ClientSSLOptions()
                .setTrustOptions(new PemTrustOptions().addCertValue(files.authority()))
                .setHostnameVerificationAlgorithm("")
                .setEnabledSecureTransportProtocols(PROTOCOLS);
    }

    private static List<X509Certificate> certificates(String file, Buffer content) {
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(content.getBytes()))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw new TlsException(file + " holds no certificate; it must be PEM");
            }
            return found;
        } catch (GeneralSecurityException e) {
            throw new TlsException(file + " holds no certificate that can be read; it must be PEM", e);
        }
    }

    private static PrivateKey privateKey(Vertx vertx, TlsFiles files) {
        if (files.key().toString(StandardCharsets.US_ASCII).contains("ENCRYPTED")) {
            throw new TlsException("tls.key is encrypted; it must be a PEM key without a password");
        }
        try {
            PemKeyCertOptions pair =
                    new PemKeyCertOptions().addCertValue(files.certificate()).addKeyValue(files.key());
            return Arrays.stream(pair.getKeyManagerFactory(vertx).getKeyManagers())
                    .flatMap(TlsMaterial::privateKeys)
                    .findFirst()
                    .orElseThrow(() -> new TlsException("tls.key holds no RSA or EC key"));
        } catch (TlsException e) {
            throw e;
        } catch (Exception e) {
            // The cause is not chained: a parser's message may quote what it could not parse.
            throw new TlsException("tls.key cannot be read or is not the key of the certificate in tls.crt;"
                    + " it must be an RSA or EC key in PEM (PKCS #8, PKCS #1 or SEC 1)");
        }
    }

    private static Stream<PrivateKey> privateKeys(KeyManager manager) {
        return manager instanceof X509KeyManager keys
                ? Stream.of("RSA", "EC")
                        .flatMap(type -> Optional.ofNullable(keys.getServerAliases(type, null)).stream())
                        .flatMap(Arrays::stream)
                        .map(keys::getPrivateKey)
                : Stream.empty();
    }

    /** A key store takes a key that is not the certificate's; the handshakes then fail one by one. So a signature is tried here. */
    private static void checkPair(X509Certificate leaf, PrivateKey key) {
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        byte[] probe = "ringrift".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(probe);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(leaf.getPublicKey());
            verifier.update(probe);
            if (!verifier.verify(signature)) {
                throw new TlsException("tls.key is not the key of the certificate in tls.crt");
            }
        } catch (GeneralSecurityException e) {
            throw new TlsException("tls.key is not the key of the certificate in tls.crt", e);
        }
    }

    private static void checkChain(List<X509Certificate> chain, List<X509Certificate> authorities) {
        try {
            validate(chain, authorities, chain.getFirst().getNotBefore());
        } catch (GeneralSecurityException e) {
            throw new TlsException("the certificate in tls.crt does not chain to ca.crt: peers would refuse it", e);
        }
    }

    private static void validate(List<X509Certificate> chain, List<X509Certificate> authorities, Date at)
            throws GeneralSecurityException {
        if (authorities.contains(chain.getFirst())) {
            return;
        }
        Set<TrustAnchor> anchors = authorities.stream()
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet());
        PKIXParameters parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        parameters.setDate(at);
        List<X509Certificate> path = chain.stream()
                .filter(certificate -> !authorities.contains(certificate))
                .toList();
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    }
}
