package io.ringrift.agent.runtime;

import io.ringrift.agent.membership.Address;
import java.lang.System.Logger.Level;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Says once why a peer cannot be talked to, where waiting will not help: its name is not known, or whoever answers at its address
 * refuses (another credential, another cluster). Silence is no such trouble: membership tells who is silent. On the loop's thread only.
 */
final class PeerTroubles {
    private static final int MOST = 1024;
    private static final String UNKNOWN = "cannot be resolved to an address";

    private final System.Logger log;
    private final Map<String, String> told = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST;
        }
    };

    PeerTroubles(System.Logger log) {
        this.log = log;
    }

    /** @param failure what came instead of an answer; empty: an answer came */
    void note(Address address, Optional<Throwable> failure) {
        if (failure.isEmpty()) {
            clear(address.toString());
            return;
        }
        switch (failure.get()) {
            case PeerRefusal refusal
            when !refusal.passes() ->
                tell(address.toString(), "does not take this agent's messages: " + refusal.getMessage());
            case UnknownHostException unknown -> tell(address.toString(), UNKNOWN);
            default -> log.log(Level.DEBUG, "[Peers] {0}: {1}", address, failure.get());
        }
    }

    /** A name was looked up. */
    void looked(String host, boolean found) {
        if (found) {
            clear(host);
        } else {
            tell(host, UNKNOWN);
        }
    }

    private void tell(String where, String sentence) {
        if (!sentence.equals(told.put(where, sentence))) {
            log.log(Level.WARNING, "[Peers] {0} {1}", where, sentence);
        }
    }

    private void clear(String where) {
        if (told.remove(where) != null) {
            log.log(Level.INFO, "[Peers] {0} is all right again", where);
        }
    }
}
