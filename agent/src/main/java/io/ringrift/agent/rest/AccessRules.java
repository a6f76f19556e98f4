package io.ringrift.agent.rest;

import io.ringrift.agent.security.Credential;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Decides whether a request may do what it asks.
 *
 * @param knownPeer whether a literal address belongs to a configured or known peer
 */
record AccessRules(Credential credential, Predicate<String> knownPeer) {
    private static final String SCHEME = "bearer ";

    /** @return why not, as a sentence; empty: go ahead */
    Optional<String> refusal(Route.Access needed, MultiMap headers, String remoteHost, Duration now) {
        if (needed == Route.Access.OPEN) {
            return Optional.empty();
        }
        return credential.current().isPresent()
                ? withCredential(headers, now)
                : withoutCredential(needed, headers, remoteHost);
    }

    private Optional<String> withCredential(MultiMap headers, Duration now) {
        String header = headers.get(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return Optional.of(
                    "This request changes something and needs the cluster's credential: Authorization: Bearer TOKEN.");
        }
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.of("The Authorization header must be: Bearer TOKEN.");
        }
        return credential.accepts(header.substring(SCHEME.length()).strip(), now)
                ? Optional.empty()
                : Optional.of("The credential is not this cluster's.");
    }

    private Optional<String> withoutCredential(Route.Access needed, MultiMap headers, String remoteHost) {
        if (headers.contains(HttpHeaders.ORIGIN)) {
            // Any web page can make the browser on this machine send to loopback.
            return Optional.of("This agent has no credential configured and takes no changes from a browser.");
        }
        if (isLoopback(remoteHost) || needed == Route.Access.PEER && knownPeer.test(remoteHost)) {
            return Optional.empty();
        }
        return Optional.of(
                needed == Route.Access.PEER
                        ? "This agent has no credential configured and takes messages from loopback and known peers only."
                        : "This agent has no credential configured and takes changes from loopback only;"
                                + " set RINGRIFT_CLUSTER_AUTH_TOKEN or RINGRIFT_CLUSTER_AUTH_TOKEN_FILE.");
    }

    /** @param host a literal address, IPv6 with or without brackets */
    static boolean isLoopback(String host) {
        String address = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return address.startsWith("127.")
                || address.equals("::1")
                || address.equals("0:0:0:0:0:0:0:1")
                || address.startsWith("::ffff:127.");
    }
}
