package io.ringrift.agent;

import io.ringrift.agent.config.ConfigStart;
import io.ringrift.agent.runtime.ConfigLoader;
import io.ringrift.agent.telemetry.Logs;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts an agent from environment variables alone, and ends it gracefully on SIGTERM. */
public final class Main {
    /** Something that is not its configuration keeps the agent from starting, for example a port that is taken. */
    private static final int EXIT_CANNOT_START = 1;

    /** How long the goodbye and the requests in flight may take; Kubernetes waits 30 seconds by default. */
    private static final long STOP_SECONDS = 10;

    private Main() {}

    public static void main(String[] args) {
        ConfigStart loaded = ConfigLoader.load(System.getenv());
        switch (loaded) {
            case ConfigStart.Invalid invalid -> {
                System.err.print(invalid.text());
                System.exit(ConfigLoader.EXIT_STATUS);
            }
            case ConfigStart.Started started -> run(started);
        }
    }

    private static void run(ConfigStart.Started started) {
        Logs logs = Logs.configure(started.state().config().logging(), System.out);
        System.Logger log = System.getLogger(Main.class.getName());
        started.warnings().forEach(warning -> log.log(System.Logger.Level.WARNING, "[Config] {0}", warning));
        Agent agent = new Agent(started.state(), logs);
        try {
            agent.start().toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            log.log(
                    System.Logger.Level.ERROR,
                    "[Agent] Cannot start: {0}",
                    e.getCause().getMessage());
            System.exit(EXIT_CANNOT_START);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(agent, log), "shutdown"));
    }

    private static void stop(Agent agent, System.Logger log) {
        try {
            agent.stop().toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            log.log(System.Logger.Level.WARNING, "[Agent] Did not end in good order: {0}", e.toString());
        }
    }
}
