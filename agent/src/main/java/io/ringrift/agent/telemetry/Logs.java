package io.ringrift.agent.telemetry;

import io.ringrift.agent.config.AgentConfig.LogFormat;
import io.ringrift.agent.config.AgentConfig.Logging;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Where the agent's log goes: one line per record to the given stream, as text or JSON. The agent's classes write through {@link System.Logger};
 * behind it is java.util.logging, of which this sets up all there is.
 *
 * <p>Level: the agent's own loggers follow the configured one. Those of libraries stay at WARNING (or ERROR), follow to INFO with DEBUG, and
 * tell everything with TRACE only. Safe for use from any thread; keep the instance as long as the process logs.
 */
public final class Logs {
    /** The logger that all of the agent's own are under. */
    static final String OWN = "io.ringrift";

    private final Logger root = Logger.getLogger("");
    private final StreamHandler handler;
    // Held: java.util.logging forgets the level of a logger that nobody holds.
    private final Logger own = Logger.getLogger(OWN);
    /** Ratis warns at every message that a dead peer does not answer; what matters of that the agent says itself. */
    private final Logger ratis = Logger.getLogger("org.apache.ratis");

    private final Logger division = Logger.getLogger("org.apache.ratis.server.RaftServer$Division");
    /** Calls it an error, with two stacks, that the image has no JMX. */
    private final Logger jmx = Logger.getLogger("org.apache.ratis.util.JmxRegister");

    private Logs(StreamHandler handler) {
        this.handler = handler;
        division.setFilter(record -> !isEnding(record.getThrown()));
        jmx.setLevel(java.util.logging.Level.OFF);
    }

    /** While a peer ends Ratis calls every heartbeat that still comes an error. */
    private static boolean isEnding(Throwable thrown) {
        return thrown != null && thrown.getClass().getSimpleName().equals("ServerNotReadyException");
    }

    /**
     * Must be the first thing a process does with logging. Puts {@link KeepingLogManager} in place, so that lines written while the process
     * ends are not lost.
     */
    public static Logs configure(Logging logging, OutputStream out) {
        if (System.getProperty("java.util.logging.manager") == null) {
            System.setProperty("java.util.logging.manager", KeepingLogManager.class.getName());
        }
        LogManager.getLogManager();
        Logs logs = new Logs(new StreamHandler(out, formatter(logging.format())));
        for (Handler former : logs.root.getHandlers()) {
            logs.root.removeHandler(former);
        }
        logs.root.addHandler(logs.handler);
        logs.apply(logging);
        return logs;
    }

    /** Changes format and level while running; lines from now on follow. */
    public void apply(Logging logging) {
        handler.setFormatter(formatter(logging.format()));
        own.setLevel(julLevel(logging.level()));
        Level libraries = forLibraries(logging.level());
        root.setLevel(julLevel(libraries));
        ratis.setLevel(julLevel(libraries == Level.WARNING ? Level.ERROR : libraries));
    }

    private static Level forLibraries(Level level) {
        return switch (level) {
            case ALL, TRACE -> level;
            case DEBUG -> Level.INFO;
            case INFO, WARNING -> Level.WARNING;
            case ERROR, OFF -> level;
        };
    }

    private static java.util.logging.Level julLevel(Level level) {
        return switch (level) {
            case ALL -> java.util.logging.Level.ALL;
            case TRACE -> java.util.logging.Level.FINER;
            case DEBUG -> java.util.logging.Level.FINE;
            case INFO -> java.util.logging.Level.INFO;
            case WARNING -> java.util.logging.Level.WARNING;
            case ERROR -> java.util.logging.Level.SEVERE;
            case OFF -> java.util.logging.Level.OFF;
        };
    }

    private static Formatter formatter(LogFormat format) {
        return switch (format) {
            case TEXT -> new TextFormatter();
            case JSON -> new JsonFormatter();
        };
    }
}
