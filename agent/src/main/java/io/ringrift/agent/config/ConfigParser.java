package io.ringrift.agent.config;

import io.ringrift.agent.config.AgentConfig.Bully;
import io.ringrift.agent.config.AgentConfig.HttpPolling;
import io.ringrift.agent.config.AgentConfig.Logging;
import io.ringrift.agent.config.AgentConfig.Peer;
import io.ringrift.agent.config.AgentConfig.Raft;
import io.ringrift.agent.config.AgentConfig.Security;
import io.ringrift.agent.config.AgentConfig.Swim;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes one {@link AgentConfig} of settings and checks what holds between keys. */
final class ConfigParser {
    private final Settings settings;
    private final Fixed fixed;
    private final NamedFiles files;
    private final Findings findings;

    private ConfigParser(Settings settings, Fixed fixed, NamedFiles files, Findings findings) {
        this.settings = settings;
        this.fixed = fixed;
        this.files = files;
        this.findings = findings;
    }

    /** A configuration that counts only if {@code findings} hold no problem afterwards. */
    static AgentConfig parse(Settings settings, Fixed fixed, NamedFiles files, Findings findings) {
        return new ConfigParser(settings, fixed, files, findings).config();
    }

    private AgentConfig config() {
        MembershipMode membership = settings.value(Keys.MEMBERSHIP_MODE);
        ConsensusMode consensus = settings.value(Keys.CONSENSUS_MODE);
        Nodes nodes = new Nodes(settings, fixed, findings);
        List<Peer> peers = nodes.peers();
        boolean raftEnabled =
                enabled(Keys.RAFT_ENABLED, Keys.CONSENSUS_MODE, consensus, consensus != ConsensusMode.BULLY);
        Raft raft = new Raft(
                raftEnabled,
                nodes.voters(peers, raftEnabled),
                settings.value(Keys.RAFT_PROFILE),
                settings.value(Keys.RAFT_RECOVERY_GENERATION));
        return new AgentConfig(
                settings.get(Keys.CONFIG_GENERATION).map(OptionalLong::of).orElseGet(OptionalLong::empty),
                fixed.nodeId(),
                fixed.clusterName(),
                peers,
                fixed.network(),
                membership,
                swim(membership),
                http(),
                consensus,
                new Bully(settings.value(Keys.BULLY_PRIORITY), settings.value(Keys.BULLY_QUORUM)),
                raft,
                fixed.dataDir(),
                security(),
                new Logging(settings.value(Keys.LOG_FORMAT), settings.value(Keys.LOG_LEVEL)));
    }

    /** An unset flag follows the mode; a mode that needs what is switched off is an error. */
    private <M extends Token> boolean enabled(Key<Boolean> flag, Key<M> modeKey, M mode, boolean needed) {
        Optional<Boolean> set = settings.get(flag);
        if (needed && set.isPresent() && !set.get()) {
            findings.add(new Problem(
                    settings.name(flag),
                    settings.printable(flag).orElse(""),
                    "switches off what %s=%s needs".formatted(modeKey.name(), mode.token()),
                    "true or not set in this mode"));
        }
        return set.orElse(needed);
    }

    private Swim swim(MembershipMode mode) {
        SwimTimes times = SwimTimes.of(settings.value(Keys.SWIM_PROFILE));
        Duration failure = time(Keys.SWIM_FAILURE_TIMEOUT, times.failureTimeout());
        Duration suspicion = time(Keys.SWIM_SUSPICION_TIMEOUT, times.suspicionTimeout());
        Duration ping = time(Keys.SWIM_PING_INTERVAL, times.pingInterval());
        if (settings.usable(Keys.SWIM_PROFILE)) {
            checkLess(
                    new Time(Keys.SWIM_SUSPICION_TIMEOUT, suspicion, times.suspicionTimeout()),
                    new Time(Keys.SWIM_FAILURE_TIMEOUT, failure, times.failureTimeout()));
            if (suspicion.compareTo(failure) < 0 && suspicion.plus(ping).compareTo(failure) > 0) {
                findings.warn("%s=%s: longer than what lies between %s and %s, so the failure timeout may not be kept"
                        .formatted(
                                Keys.SWIM_PING_INTERVAL.name(),
                                settings.printable(Keys.SWIM_PING_INTERVAL, times.pingInterval()),
                                Keys.SWIM_SUSPICION_TIMEOUT.name(),
                                Keys.SWIM_FAILURE_TIMEOUT.name()));
            }
        }
        return new Swim(
                enabled(Keys.SWIM_ENABLED, Keys.MEMBERSHIP_MODE, mode, mode != MembershipMode.HTTP),
                settings.value(Keys.SWIM_PROFILE),
                failure,
                suspicion,
                ping,
                settings.value(Keys.SWIM_PING_REQUEST_GROUP_SIZE),
                settings.value(Keys.SWIM_MAX_TRANSMISSIONS));
    }

    private HttpPolling http() {
        Time interval = time(Keys.HTTP_POLL_INTERVAL);
        Time suspect = time(Keys.HTTP_SUSPECT_AFTER);
        Time failed = time(Keys.HTTP_FAILED_AFTER);
        checkLess(interval, suspect);
        checkLess(suspect, failed);
        return new HttpPolling(interval.value(), suspect.value(), failed.value());
    }

    /** @param fallback what holds where the key is not set, as one would write it */
    private record Time(Key<Duration> key, Duration value, String fallback) {}

    private Time time(Key<Duration> key) {
        return new Time(key, settings.value(key), key.fallback());
    }

    private Duration time(Key<Duration> key, String fallback) {
        return settings.get(key).orElseGet(() -> key.fallingBackTo(fallback).fallbackValue());
    }

    private void checkLess(Time less, Time more) {
        if (settings.usable(less.key(), more.key()) && less.value().compareTo(more.value()) >= 0) {
            String limit = settings.name(more.key()) + "=" + settings.printable(more.key(), more.fallback());
            findings.add(new Problem(
                    settings.name(less.key()),
                    settings.printable(less.key(), less.fallback()),
                    "is not less than " + limit,
                    "less than " + settings.name(more.key())));
        }
    }

    private Security security() {
        SecretFiles secretFiles = new SecretFiles(settings, fixed, files, findings);
        secretFiles.checkGossipKeys();
        secretFiles.checkTls();
        return new Security(secretFiles.authToken(), fixed.gossipKeysFile(), fixed.tlsDir());
    }
}
