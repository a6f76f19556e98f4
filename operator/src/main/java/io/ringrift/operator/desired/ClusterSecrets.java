package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.ringrift.operator.pki.ClusterTls;
import io.ringrift.operator.pki.GossipRing;
import io.ringrift.operator.pki.RandomSecrets;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The secrets of one cluster: what is stored and good is kept, what is missing is made. Deciding again on what was made
 * changes nothing.
 *
 * @param token the bearer token of the agents' REST API
 * @param gossip the keyring; empty when gossip is not sealed
 * @param authority text of the Secret with the certificate authority; empty without TLS or when it is to be left alone
 * @param agents text of the Secret with the agents' certificate; empty likewise
 * @param renewAt when certificates are due; empty without TLS
 * @param changes what was made or replaced and why, a sentence each; holds no secret
 * @param problems what is wrong with stored secrets and was left as it is, a sentence each; holds no secret
 */
public record ClusterSecrets(
        String token,
        Optional<GossipRing> gossip,
        Map<String, String> authority,
        Map<String, String> agents,
        Optional<Instant> renewAt,
        List<String> changes,
        List<String> problems) {

    /** Key of the credential's Secret. */
    public static final String TOKEN = "token";

    /** Key of the gossip keyring's Secret. */
    public static final String GOSSIP_KEYS = "keys";

    private static final int SHORTEST_TOKEN = 16;

    /** Annotations of the gossip keys' Secret: where their rotation is. */
    private static final String STEP = Labels.PREFIX + "gossip-step";

    private static final String SINCE = Labels.PREFIX + "gossip-since";
    private static final String FULFILLED = Labels.PREFIX + "gossip-fulfilled";

    public ClusterSecrets {
        authority = Map.copyOf(authority);
        agents = Map.copyOf(agents);
        changes = List.copyOf(changes);
        problems = List.copyOf(problems);
    }

    /**
     * Decides on all secrets of a cluster.
     *
     * @param stored the cluster's Secrets that exist, by name: {@link ClusterModel#credentialSecret()},
     *     {@link ClusterModel#gossipSecret()}, {@link ClusterModel#authoritySecret()}, {@link ClusterModel#tlsSecret()}
     * @param occasion for another gossip key
     * @param known decides on certificates
     * @param now wall-clock time, for certificates and the age of keys
     */
    public static ClusterSecrets decide(
            ClusterModel model,
            Map<String, Secret> stored,
            GossipRing.Occasion occasion,
            KnownCertificates known,
            Instant now,
            SecureRandom random) {
        var changes = new ArrayList<String>();
        var problems = new ArrayList<String>();
        String token = token(model, stored, random, changes, problems);
        Optional<GossipRing> gossip = model.spec().security().gossipEncryption()
                ? Optional.of(gossip(model, stored, occasion, now, random, changes, problems))
                : Optional.empty();
        if (!model.spec().security().tls()) {
            return new ClusterSecrets(token, gossip, Map.of(), Map.of(), Optional.empty(), changes, problems);
        }
        var outcome = known.decide(
                model, text(stored.get(model.authoritySecret())), text(stored.get(model.tlsSecret())), now, random);
        return switch (outcome) {
            case ClusterTls.Outcome.Ready ready -> {
                changes.addAll(ready.changes());
                yield new ClusterSecrets(
                        token,
                        gossip,
                        ready.authority(),
                        ready.agents(),
                        Optional.of(ready.renewAt()),
                        changes,
                        problems);
            }
            case ClusterTls.Outcome.Blocked blocked -> {
                problems.add(blocked.problem());
                yield new ClusterSecrets(token, gossip, Map.of(), Map.of(), Optional.empty(), changes, problems);
            }
        };
    }

    /** PEM of the authority that the agents' certificates chain to; empty without TLS or where it is to be left alone. */
    public Optional<String> authorityCertificate() {
        return Optional.ofNullable(agents.get(ClusterTls.AUTHORITY_CERTIFICATE));
    }

    /** The Secrets to apply. */
    List<HasMetadata> secrets(ClusterModel model) {
        var secrets = new ArrayList<HasMetadata>();
        secrets.add(secret(model, model.credentialSecret(), "Opaque", Map.of(TOKEN, token)));
        gossip.ifPresent(ring -> secrets.add(gossip(model, ring)));
        if (!authority.isEmpty()) {
            secrets.add(secret(model, model.authoritySecret(), "Opaque", authority));
            secrets.add(secret(model, model.tlsSecret(), "kubernetes.io/tls", agents));
        }
        return secrets;
    }

    /** Says what happened and nothing of what is secret. */
    @Override
    public String toString() {
        return "ClusterSecrets[renewAt=" + renewAt + ", changes=" + changes + ", problems=" + problems + "]";
    }

    private static String token(
            ClusterModel model,
            Map<String, Secret> stored,
            SecureRandom random,
            List<String> changes,
            List<String> problems) {
        String secret = model.credentialSecret();
        String token = text(stored.get(secret)).getOrDefault(TOKEN, "");
        if (token.isBlank()) {
            changes.add("Made a credential: Secret " + secret + " had no " + TOKEN + ".");
            return RandomSecrets.token(random);
        }
        if (token.strip().length() < SHORTEST_TOKEN) {
            problems.add("Secret " + secret + ", key " + TOKEN + ": has "
                    + token.strip().length() + " characters, at least " + SHORTEST_TOKEN
                    + " are needed; empty it to have a new one made");
        }
        return token;
    }

    private static GossipRing gossip(
            ClusterModel model,
            Map<String, Secret> stored,
            GossipRing.Occasion occasion,
            Instant now,
            SecureRandom random,
            List<String> changes,
            List<String> problems) {
        String secret = model.gossipSecret();
        String keys = text(stored.get(secret)).getOrDefault(GOSSIP_KEYS, "");
        if (keys.isBlank()) {
            changes.add("Made a key for gossip: Secret " + secret + " had none.");
            return GossipRing.create(now, random);
        }
        GossipRing.Outcome outcome =
                ring(keys, stored.get(secret).getMetadata(), now).next(occasion, now, random);
        outcome.change().ifPresent(changes::add);
        outcome.ring()
                .unusable()
                .forEach(line -> problems.add("Secret " + secret + ", key " + GOSSIP_KEYS + ", line " + line
                        + ": is not 32 bytes in base64; put the right key back, agents cannot use this one"));
        return outcome.ring();
    }

    /** Where its annotations are gone, or are not ours, no rotation is under way and the key is as old as it can be told. */
    private static GossipRing ring(String keys, ObjectMeta metadata, Instant now) {
        Map<String, String> annotations =
                metadata == null || metadata.getAnnotations() == null ? Map.of() : metadata.getAnnotations();
        Optional<Instant> since = instant(annotations.get(SINCE));
        GossipRing.Step step = Arrays.stream(GossipRing.Step.values())
                .filter(known -> known.name().equals(annotations.get(STEP)) && since.isPresent())
                .findFirst()
                .orElse(GossipRing.Step.REST);
        return new GossipRing(keys, step, since.orElse(now), Optional.ofNullable(annotations.get(FULFILLED)));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Secret gossip(ClusterModel model, GossipRing ring) {
        var annotations = new TreeMap<String, String>();
        annotations.put(STEP, ring.step().name());
        annotations.put(SINCE, ring.since().toString());
        ring.fulfilled().ifPresent(request -> annotations.put(FULFILLED, request));
        return new SecretBuilder(secret(model, model.gossipSecret(), "Opaque", Map.of(GOSSIP_KEYS, ring.text())))
                .editMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .build();
    }

    private static Map<String, String> text(Secret secret) {
        var text = new TreeMap<String, String>();
        if (secret != null && secret.getData() != null) {
            secret.getData().forEach((key, value) -> text.put(key, decoded(value)));
        }
        return text;
    }

    private static String decoded(String value) {
        return value == null ? "" : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    }

    private static Secret secret(ClusterModel model, String name, String type, Map<String, String> text) {
        var data = new TreeMap<String, String>();
        text.forEach((key, value) ->
                data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        return new SecretBuilder()
                .withMetadata(model.metadata(name))
                .withType(type)
                .withData(data)
                .build();
    }
}
