package io.ringrift.operator.desired;

import io.ringrift.operator.pki.ClusterTls;
import io.ringrift.operator.pki.ClusterTls.Outcome;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides on certificates as {@link ClusterTls#decide} does, and remembers which were found good: to check them takes several operations with
 * elliptic curves, in every reconciliation. Of what is secret a digest is kept. May be called from any thread.
 */
public final class KnownCertificates {
    private static final int MOST_REMEMBERED = 10_000;

    /** When those with this digest are due. */
    private final Map<String, Instant> renewAt = new ConcurrentHashMap<>();

    Outcome decide(
            ClusterModel model,
            Map<String, String> authority,
            Map<String, String> agents,
            Instant now,
            SecureRandom random) {
        String digest =
                Digest.of(List.of(model.namespace(), model.name(), new TreeMap<>(authority), new TreeMap<>(agents))
                        .toString());
        Instant due = renewAt.get(digest);
        if (due != null && now.isBefore(due)) {
            return new Outcome.Ready(authority, agents, due, List.of());
        }
        Outcome outcome = ClusterTls.decide(model.namespace(), model.name(), authority, agents, now, random);
        if (outcome instanceof Outcome.Ready ready && ready.keeps(authority, agents)) {
            if (renewAt.size() >= MOST_REMEMBERED) {
                // What is still in use is checked once more.
                renewAt.clear();
            }
            renewAt.put(digest, ready.renewAt());
        }
        return outcome;
    }
}
