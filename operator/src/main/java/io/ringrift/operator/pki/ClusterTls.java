package io.ringrift.operator.pki;

import io.ringrift.operator.pki.Pem.InvalidPemException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The certificates of one cluster, and the decision whether what is stored is kept or replaced.
 *
 * <p>What is good is kept, so that deciding again changes nothing. An authority that cannot be read is never
 * replaced by itself: every running agent trusts it, so a person has to decide.
 */
public final class ClusterTls {

    /** Key of a Secret: the authority's certificate. */
    public static final String AUTHORITY_CERTIFICATE = "ca.crt";

    /** Key of a Secret: the authority's private key; only ever in the Secret that no pod mounts. */
    public static final String AUTHORITY_KEY = "ca.key";

    /** Key of a Secret: the agents' certificate. */
    public static final String CERTIFICATE = "tls.crt";

    /** Key of a Secret: the agents' private key. */
    public static final String KEY = "tls.key";

    private ClusterTls() {}

    /** What became of the stored certificates. */
    public sealed interface Outcome {

        /**
         * These are the certificates to store; where nothing was due they are what was stored.
         *
         * @param authority content of the authority's Secret, as text; secret
         * @param agents content of the Secret that the pods mount, as text; secret
         * @param renewAt when to decide again at the latest
         * @param changes what was made or replaced and why, a sentence each; empty: nothing
         */
        record Ready(Map<String, String> authority, Map<String, String> agents, Instant renewAt, List<String> changes)
                implements Outcome {
            public Ready {
                authority = Map.copyOf(authority);
                agents = Map.copyOf(agents);
                changes = List.copyOf(changes);
            }

            /** Whether that is what was stored, to the letter. */
            public boolean keeps(Map<String, String> storedAuthority, Map<String, String> storedAgents) {
                return changes.isEmpty() && authority.equals(storedAuthority) && agents.equals(storedAgents);
            }

            /** Leaves the keys out. */
            @Override
            public String toString() {
                return "Ready[renewAt=" + renewAt + ", changes=" + changes + "]";
            }
        }

        /**
         * The stored authority cannot be used; leave both Secrets as they are.
         *
         * @param problem what is wrong and what a person can do, as a sentence
         */
        record Blocked(String problem) implements Outcome {}
    }

    /**
     * Decides what the two Secrets must hold.
     *
     * @param namespace where the cluster lives
     * @param name the cluster's name
     * @param storedAuthority text of the Secret with the authority; empty when there is no such Secret
     * @param storedAgents text of the Secret with the agents' certificate; empty when there is no such Secret
     */
    public static Outcome decide(
            String namespace,
            String name,
            Map<String, String> storedAuthority,
            Map<String, String> storedAgents,
            Instant now,
            SecureRandom random) {
        var changes = new ArrayList<String>();
        CertificateAuthority authority;
        try {
            authority = authority(namespace, name, storedAuthority, now, random, changes);
        } catch (InvalidPemException e) {
            return new Outcome.Blocked(
                    "Secret " + name + "-ca: " + e.getMessage()
                            + "; put the right content back, or delete the Secret to have every certificate of the cluster made anew");
        }
        HostNames names = HostNames.of(namespace, name);
        Optional<String> reason = reasonToReplace(storedAgents, authority, names, now);
        Identity identity = reason.isPresent() ? authority.issue(names, now, random) : stored(storedAgents);
        reason.ifPresent(why -> changes.add("Made a certificate for the agents: " + why + "."));
        Instant renewAt =
                earlier(identity.validity().renewAt(), authority.validity().renewAt());
        return new Outcome.Ready(
                Map.of(
                        AUTHORITY_CERTIFICATE, authority.certificatePem(),
                        AUTHORITY_KEY, authority.privateKeyPem()),
                Map.of(
                        CERTIFICATE, identity.certificatePem(),
                        KEY, identity.privateKeyPem(),
                        AUTHORITY_CERTIFICATE, authority.certificatePem()),
                renewAt,
                changes);
    }

    private static CertificateAuthority authority(
            String namespace,
            String name,
            Map<String, String> stored,
            Instant now,
            SecureRandom random,
            List<String> changes)
            throws InvalidPemException {
        String certificate = stored.get(AUTHORITY_CERTIFICATE);
        String key = stored.get(AUTHORITY_KEY);
        if (certificate == null && key == null) {
            changes.add("Made a certificate authority: there was none.");
            return CertificateAuthority.create(namespace, name, now, random);
        }
        if (certificate == null || key == null) {
            throw new InvalidPemException(
                    "key " + (key == null ? AUTHORITY_KEY : AUTHORITY_CERTIFICATE) + " is missing");
        }
        CertificateAuthority authority = CertificateAuthority.parse(certificate, key);
        if (authority.validity().renewalDue(now)) {
            changes.add("Renewed the certificate authority with the same key: two thirds of its life are over.");
            return authority.renew(now, random);
        }
        return authority;
    }

    private static Optional<String> reasonToReplace(
            Map<String, String> stored, CertificateAuthority authority, HostNames names, Instant now) {
        String certificatePem = stored.get(CERTIFICATE);
        String keyPem = stored.get(KEY);
        if (certificatePem == null || keyPem == null) {
            return Optional.of("there was none");
        }
        try {
            X509Certificate certificate = Pem.certificate(certificatePem);
            PrivateKey key = Pem.privateKey(keyPem);
            if (!CertificateAuthority.matches(certificate.getPublicKey(), key)) {
                return Optional.of("the stored one did not fit its key");
            }
            if (!authority.signed(certificate)) {
                return Optional.of("the stored one was not from the cluster's authority");
            }
            if (!dnsNames(certificate).equals(Set.copyOf(names.dnsNames()))) {
                return Optional.of("the stored one had other names");
            }
            if (Validity.of(certificate).renewalDue(now)) {
                return Optional.of("two thirds of the life of the stored one are over");
            }
            return Optional.empty();
        } catch (InvalidPemException | CertificateParsingException e) {
            return Optional.of("the stored one could not be read");
        }
    }

    private static Identity stored(Map<String, String> agents) {
        try {
            String certificate = agents.get(CERTIFICATE);
            return new Identity(certificate, agents.get(KEY), Validity.of(Pem.certificate(certificate)));
        } catch (InvalidPemException e) {
            throw new IllegalStateException("a certificate that was just read cannot be read again", e);
        }
    }

    private static Set<String> dnsNames(X509Certificate certificate) throws CertificateParsingException {
        var names = new HashSet<String>();
        var alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            alternatives.forEach(alternative -> names.add(String.valueOf(alternative.get(1))));
        }
        return names;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
