package io.ringrift.agent.config;

import io.ringrift.agent.config.AgentConfig.Peer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks what keys say of the other nodes: peers against each other, voters against peers. */
final class Nodes {
    private final Settings settings;
    private final Fixed fixed;
    private final Findings findings;

    Nodes(Settings settings, Fixed fixed, Findings findings) {
        this.settings = settings;
        this.fixed = fixed;
        this.findings = findings;
    }

    /** The peers without this node, which may be listed so that every node can have the same list. */
    List<Peer> peers() {
        List<Peer> peers = settings.get(Keys.PEERS).orElse(List.of()).stream()
                .filter(peer ->
                        !(peer instanceof Peer.Named named && named.nodeId().equals(fixed.nodeId())))
                .toList();
        checkAddresses(peers);
        return peers;
    }

    private void checkAddresses(List<Peer> peers) {
        Map<String, String> nodes = new HashMap<>();
        for (Peer peer : peers) {
            if (peer instanceof Peer.Named named) {
                String address = named.host() + " port "
                        + named.port().orElse(fixed.network().httpPort());
                String other = nodes.putIfAbsent(address, named.nodeId());
                if (other != null) {
                    wrong(Keys.PEERS, "%s and %s have the same address, %s".formatted(other, named.nodeId(), address));
                }
            }
        }
    }

    /** The voters; none where the key is not set. */
    List<String> voters(List<Peer> peers, boolean raftEnabled) {
        List<String> voters = settings.get(Keys.RAFT_VOTERS).orElse(List.of());
        if (!settings.usable(Keys.RAFT_VOTERS)) {
            return voters;
        }
        if (voters.isEmpty()) {
            if (raftEnabled) {
                findings.add(new Problem(
                        Keys.RAFT_VOTERS.name(),
                        "",
                        "is not set, and %s needs it".formatted(whatNeedsVoters()),
                        Keys.RAFT_VOTERS.type().allowed()));
            }
            return voters;
        }
        if (voters.size() % 2 == 0 || voters.size() == 1) {
            findings.warn("%s=%s: %d voter%s; an odd number, 3 or 5, is advised"
                    .formatted(
                            settings.name(Keys.RAFT_VOTERS),
                            settings.printable(Keys.RAFT_VOTERS).orElse(""),
                            voters.size(),
                            voters.size() == 1 ? "" : "s"));
        }
        checkKnown(voters, peers);
        return voters;
    }

    private String whatNeedsVoters() {
        return settings.isSet(Keys.RAFT_ENABLED)
                ? settings.name(Keys.RAFT_ENABLED) + "="
                        + settings.printable(Keys.RAFT_ENABLED).orElse("")
                : Keys.CONSENSUS_MODE.name() + "="
                        + settings.value(Keys.CONSENSUS_MODE).token();
    }

    private void checkKnown(List<String> voters, List<Peer> peers) {
        Set<String> known = new HashSet<>();
        known.add(fixed.nodeId());
        boolean everyIdIsKnown = true;
        for (Peer peer : peers) {
            switch (peer) {
                case Peer.Named named -> known.add(named.nodeId());
                case Peer.Discovered _ -> everyIdIsKnown = false;
            }
        }
        List<String> strangers =
                voters.stream().filter(voter -> !known.contains(voter)).toList();
        if (strangers.isEmpty() || !settings.usable(Keys.PEERS, Keys.NODE_ID)) {
            return;
        }
        String wrong = "%s: neither a node of %s nor this node (%s)"
                .formatted(Printable.of(String.join(", ", strangers)), Keys.PEERS.name(), fixed.nodeId());
        if (everyIdIsKnown) {
            wrong(Keys.RAFT_VOTERS, wrong);
        } else {
            findings.warn(
                    "%s: %s; they may be behind the DNS names there".formatted(settings.name(Keys.RAFT_VOTERS), wrong));
        }
    }

    private void wrong(Key<?> key, String wrong) {
        findings.add(new Problem(
                settings.name(key),
                settings.printable(key).orElse(""),
                wrong,
                key.type().allowed()));
    }
}
