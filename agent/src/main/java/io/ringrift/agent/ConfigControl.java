package io.ringrift.agent;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.ConfigDecision;
import io.ringrift.agent.config.ConfigState;
import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.config.Secret;
import io.ringrift.agent.rest.ConfigHandler;
import io.ringrift.agent.runtime.AdvertisedHost;
import io.ringrift.agent.runtime.ConfigDirectory;
import io.ringrift.agent.runtime.ConfigLoader;
import io.ringrift.agent.runtime.CoreLoop;
import io.ringrift.agent.runtime.SwimLoop;
import io.ringrift.agent.security.Credential;
import io.ringrift.agent.telemetry.Logs;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;

/** Brings what the directory, the named files and the operator say into force. Everything happens on one context of its own. */
final class ConfigControl {
    private final System.Logger log = System.getLogger(ConfigControl.class.getName());
    private final Vertx vertx;
    private final Context context;
    private final ConfigState state;
    private final AdvertisedHost advertised;
    private final Credential credential;
    private final Logs logs;
    private ConfigStatus told;
    private CoreLoop loop;
    private SwimLoop swim;
    private ConfigDirectory directory;

    ConfigControl(Vertx vertx, ConfigState state, AdvertisedHost advertised, Credential credential, Logs logs) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.state = state;
        this.advertised = advertised;
        this.credential = credential;
        this.logs = logs;
        this.told = state.status();
    }

    /** What runs. Before {@link #start} only. */
    AgentConfig config() {
        return advertised.in(state.config());
    }

    /** What {@code /status} says of it. Before {@link #start} only. */
    ConfigStatus status() {
        return state.status();
    }

    /** The gossip keys in force; empty: packets are not sealed. Before {@link #start} only. */
    Optional<Secret> gossipKeys() {
        return state.gossipKeys();
    }

    /** Watches from now on. */
    void start(CoreLoop started, SwimLoop gossip) {
        context.runOnContext(here -> {
            loop = started;
            swim = gossip;
            directory = ConfigDirectory.start(
                    vertx,
                    ConfigLoader.directory(System.getenv()),
                    state.namedFiles(),
                    read -> apply(state.directoryChanged(read)),
                    read -> apply(state.filesChanged(read)));
        });
    }

    /** Takes no more changes. */
    Future<Void> stop() {
        Promise<Void> stopped = Promise.promise();
        context.runOnContext(here -> {
            directory.close();
            stopped.complete();
        });
        return stopped.future();
    }

    /** The operator pushed a document. From any thread; done when the cores have it. */
    Future<ConfigHandler.Outcome> push(long generation, Map<String, String> keys) {
        Promise<ConfigHandler.Outcome> outcome = Promise.promise();
        context.runOnContext(here -> {
            ConfigDecision decision = state.pushed(generation, keys);
            ConfigHandler.Outcome answer = decision instanceof ConfigDecision.Refused(ConfigStatus.Refusal refusal)
                    ? new ConfigHandler.Refused(refusal)
                    : new ConfigHandler.Applied(state.status());
            apply(decision).map(answer).onComplete(outcome);
        });
        return outcome.future();
    }

    private Future<Void> apply(ConfigDecision decision) {
        ConfigStatus status = state.status();
        Future<Void> done = switch (decision) {
            case ConfigDecision.Applied applied -> putInForce(applied, status);
            case ConfigDecision.Refused _ -> loop.configRefused(status);
            case ConfigDecision.Unchanged _ -> status.equals(told) ? Future.succeededFuture() : tell(config(), status);
        };
        told = status;
        return done;
    }

    private Future<Void> putInForce(ConfigDecision.Applied applied, ConfigStatus status) {
        applied.warnings().forEach(warning -> log.log(Level.WARNING, "[Config] {0}", warning));
        applied.changes()
                .forEach(change ->
                        log.log(Level.INFO, "[Config] {0}: {1} -> {2}", change.key(), change.before(), change.after()));
        applied.reloaded().forEach(file -> log.log(Level.INFO, "[Config] {0} reloaded", file.token()));
        logs.apply(applied.config().logging());
        credential.replace(applied.config().security().authToken(), loop.now());
        if (applied.reloaded().contains(ConfigDecision.SecretFile.GOSSIP_KEYS)) {
            state.gossipKeys().ifPresent(swim::rekey);
        }
        return tell(config(), status);
    }

    /** SWIM runs before it is asked, and ends after it was asked last: in between nobody would take it for broken. */
    private Future<Void> tell(AgentConfig config, ConfigStatus status) {
        if (config.swim().enabled()) {
            return swim.configure(config).transform(running -> loop.configure(config, status));
        }
        return loop.configure(config, status).onComplete(told -> swim.configure(config));
    }
}
