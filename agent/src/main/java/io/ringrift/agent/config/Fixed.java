package io.ringrift.agent.config;

import io.ringrift.agent.config.AgentConfig.Network;
import io.ringrift.agent.config.ConfigDecision.SecretFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The part of the configuration that holds for the life of the process. */
record Fixed(
        String nodeId,
        String clusterName,
        Network network,
        Path dataDir,
        Optional<Path> tokenFile,
        Optional<Path> gossipKeysFile,
        Optional<Path> tlsDir) {

    /** The files of {@code RINGRIFT_TLS_DIR}. */
    static final List<String> TLS_FILES = List.of("tls.crt", "tls.key", "ca.crt");

    static Fixed of(Settings settings, Optional<String> hostName, Path workingDirectory, Findings findings) {
        String nodeId = nodeId(settings, hostName, findings);
        Network network = new Network(
                settings.value(Keys.BIND_ADDR),
                settings.get(Keys.ADVERTISE_HOST),
                settings.value(Keys.P2P_PORT),
                settings.value(Keys.SWIM_PORT),
                settings.value(Keys.RAFT_PORT));
        checkPorts(settings, findings);
        return new Fixed(
                nodeId,
                settings.value(Keys.CLUSTER_NAME),
                network,
                settings.get(Keys.DATA_DIR)
                        .map(workingDirectory::resolve)
                        .orElseGet(
                                () -> workingDirectory.resolve("ringrift-data").resolve(nodeId)),
                settings.get(Keys.AUTH_TOKEN_FILE).map(workingDirectory::resolve),
                settings.get(Keys.GOSSIP_KEYS_FILE).map(workingDirectory::resolve),
                settings.get(Keys.TLS_DIR).map(workingDirectory::resolve));
    }

    /** Every file that the keys name. */
    List<Path> namedFiles() {
        List<Path> files = new ArrayList<>();
        tokenFile.ifPresent(files::add);
        gossipKeysFile.ifPresent(files::add);
        tlsDir.ifPresent(directory -> TLS_FILES.forEach(name -> files.add(directory.resolve(name))));
        return List.copyOf(files);
    }

    /** What a path of {@link #namedFiles()} is for. */
    SecretFile kindOf(Path file) {
        if (tokenFile.filter(file::equals).isPresent()) {
            return SecretFile.AUTH_TOKEN;
        }
        return gossipKeysFile.filter(file::equals).isPresent() ? SecretFile.GOSSIP_KEYS : SecretFile.TLS;
    }

    /** A key that needs a restart and what it stands for. */
    record Part(Key<?> key, Function<Fixed, Object> value) {}

    static List<Part> parts() {
        return List.of(
                new Part(Keys.NODE_ID, Fixed::nodeId),
                new Part(Keys.CLUSTER_NAME, Fixed::clusterName),
                new Part(Keys.BIND_ADDR, fixed -> fixed.network().bindAddress()),
                new Part(Keys.ADVERTISE_HOST, fixed -> fixed.network().advertiseHost()),
                new Part(Keys.P2P_PORT, fixed -> fixed.network().httpPort()),
                new Part(Keys.SWIM_PORT, fixed -> fixed.network().swimPort()),
                new Part(Keys.RAFT_PORT, fixed -> fixed.network().raftPort()),
                new Part(Keys.DATA_DIR, Fixed::dataDir),
                new Part(Keys.AUTH_TOKEN_FILE, Fixed::tokenFile),
                new Part(Keys.GOSSIP_KEYS_FILE, Fixed::gossipKeysFile),
                new Part(Keys.TLS_DIR, Fixed::tlsDir));
    }

    /** Tells every key in which {@code wanted}, read from {@code settings}, is not what runs. */
    void checkUnchanged(Fixed wanted, Settings settings, Findings findings) {
        for (Part part : parts()) {
            Key<?> key = part.key();
            boolean same = part.value().apply(this).equals(part.value().apply(wanted));
            if (settings.usable(key) && !same && !followsNodeId(key, wanted, settings)) {
                findings.add(new Problem(
                        settings.name(key),
                        settings.printable(key).orElse(""),
                        settings.isSet(key)
                                ? "cannot change while the agent runs: it needs a restart"
                                : "cannot be removed while the agent runs: it needs a restart",
                        "the value that it started with"));
            }
        }
    }

    /** The default data directory is named after the node; that the node's id changed is told already. */
    private boolean followsNodeId(Key<?> key, Fixed wanted, Settings settings) {
        return key == Keys.DATA_DIR && !settings.isSet(key) && !nodeId.equals(wanted.nodeId());
    }

    private static String nodeId(Settings settings, Optional<String> hostName, Findings findings) {
        Optional<String> set = settings.get(Keys.NODE_ID);
        if (set.isPresent() || !settings.usable(Keys.NODE_ID)) {
            return set.orElse("");
        }
        String label = hostName.map(name -> name.split("\\.", 2)[0].toLowerCase(Locale.ROOT))
                .orElse("");
        try {
            return Values.nodeId(label);
        } catch (InvalidValue e) {
            String wrong = hostName.isEmpty()
                    ? "is not set, and this machine does not know its host name"
                    : "is not set, and the host name \"%s\" does not begin with a DNS label"
                            .formatted(Printable.of(hostName.get()));
            findings.add(new Problem(
                    Keys.NODE_ID.name(), "", wrong, Keys.NODE_ID.type().allowed()));
            return label;
        }
    }

    private static void checkPorts(Settings settings, Findings findings) {
        List<Key<Integer>> ports = List.of(Keys.P2P_PORT, Keys.SWIM_PORT, Keys.RAFT_PORT);
        for (int i = 1; i < ports.size(); i++) {
            for (Key<Integer> other : ports.subList(0, i)) {
                Key<Integer> port = ports.get(i);
                if (settings.usable(port, other) && settings.value(port).equals(settings.value(other))) {
                    findings.add(new Problem(
                            settings.name(port),
                            settings.printable(port, port.fallback()),
                            "is also " + settings.name(other),
                            "three different ports"));
                }
            }
        }
    }
}
