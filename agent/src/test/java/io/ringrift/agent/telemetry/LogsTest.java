package io.ringrift.agent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.AgentConfig.LogFormat;
import io.ringrift.agent.config.AgentConfig.Logging;
import io.ringrift.agent.config.Secret;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Logger;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lines as they come out of the process. */
class LogsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final System.Logger own = System.getLogger("io.ringrift.agent.telemetry.LogsTest");
    private final System.Logger library = System.getLogger("io.vertx.LogsTest");
    private Handler[] handlersBefore;
    private java.util.logging.Level levelBefore;

    @BeforeEach
    void remember() {
        handlersBefore = Logger.getLogger("").getHandlers();
        levelBefore = Logger.getLogger("").getLevel();
    }

    @AfterEach
    void restore() {
        Logger root = Logger.getLogger("");
        List.of(root.getHandlers()).forEach(root::removeHandler);
        List.of(handlersBefore).forEach(root::addHandler);
        root.setLevel(levelBefore);
        Logger.getLogger("io.ringrift").setLevel(null);
    }

    private Logs configure(LogFormat format, Level level) {
        return Logs.configure(new Logging(format, level), out);
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void anEndingPeerIsNoErrorAndOthersAre() {
        configure(LogFormat.TEXT, Level.INFO);
        System.Logger division = System.getLogger("org.apache.ratis.server.RaftServer$Division");
        division.log(Level.ERROR, "Failed appendEntries", new ServerNotReadyException("is CLOSING"));
        division.log(Level.ERROR, "Failed appendEntries", new IllegalStateException("something else"));
        assertThat(lines()).singleElement().asString().contains("something else");
    }

    @Test
    void thatTheImageHasNoJmxIsNoError() {
        configure(LogFormat.TEXT, Level.INFO);
        System.getLogger("org.apache.ratis.util.JmxRegister").log(Level.ERROR, "Failed to register JMX Bean");
        assertThat(lines()).isEmpty();
    }

    @Test
    void parametersArePutInAsTheyAreAndBracesInThemMeanNothing() {
        configure(LogFormat.TEXT, Level.INFO);
        own.log(Level.INFO, "[A] {1} before {0}, it''s {2}, {3} and {x} stay", "{1}", 1234567, null);
        assertThat(lines().getFirst()).endsWith("[A] 1234567 before {1}, it's null, {3} and {x} stay");
    }

    @Test
    void aTextLineIsTimeLevelAndTheMessageVerbatim() {
        configure(LogFormat.TEXT, Level.INFO);
        own.log(Level.INFO, "[SWIM] node-123 is now ALIVE");
        own.log(Level.WARNING, "[SWIM] Failed to bind to SWIM port {0}: {1}", "7947", "taken");
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(0))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  \\[SWIM] node-123 is now ALIVE");
        assertThat(lines().get(1)).endsWith("Z WARN  [SWIM] Failed to bind to SWIM port 7947: taken");
    }

    @Test
    void aRecordIsOneLineWhateverIsInIt() {
        configure(LogFormat.TEXT, Level.INFO);
        own.log(
                Level.ERROR,
                "forged\n2026-01-01T00:00:00.000Z INFO  line\r\u001b[31m",
                new IllegalStateException("a\nb", new IOException("c")));
        assertThat(lines())
                .singleElement()
                .asString()
                .contains(
                        "forged\\n2026",
                        "\\u001b",
                        "| java.lang.IllegalStateException: a\\nb",
                        "| caused by java.io.IOException: c",
                        "| at io.ringrift");
    }

    @Test
    void jsonLinesParse() {
        configure(LogFormat.JSON, Level.INFO);
        own.log(Level.INFO, "quote \" and\nline");
        own.log(Level.ERROR, "failed", new IllegalStateException("why"));
        JsonObject first = new JsonObject(lines().get(0));
        assertThat(first.fieldNames()).containsExactly("time", "level", "logger", "message");
        assertThat(first.getString("message")).isEqualTo("quote \" and\nline");
        assertThat(first.getString("level")).isEqualTo("INFO");
        JsonObject second = new JsonObject(lines().get(1));
        assertThat(second.getJsonObject("error").getString("type")).isEqualTo("java.lang.IllegalStateException");
        assertThat(second.getJsonObject("error").getJsonArray("trace")).hasSizeGreaterThan(1);
    }

    @Test
    void theLevelChangesWhileRunningAndLibrariesStayQuieter() {
        Logs logs = configure(LogFormat.TEXT, Level.INFO);
        own.log(Level.DEBUG, "not yet");
        library.log(Level.INFO, "chatter");
        library.log(Level.WARNING, "library warning");
        logs.apply(new Logging(LogFormat.TEXT, Level.DEBUG));
        own.log(Level.DEBUG, "now");
        library.log(Level.INFO, "allowed chatter");
        library.log(Level.DEBUG, "too much");
        logs.apply(new Logging(LogFormat.TEXT, Level.ERROR));
        own.log(Level.WARNING, "silenced");
        library.log(Level.WARNING, "silenced too");
        assertThat(lines())
                .extracting(line -> line.substring(31))
                .containsExactly("io.vertx.LogsTest: library warning", "now", "io.vertx.LogsTest: allowed chatter");
    }

    @Test
    void theFormatChangesWhileRunning() {
        Logs logs = configure(LogFormat.TEXT, Level.INFO);
        own.log(Level.INFO, "as text");
        logs.apply(new Logging(LogFormat.JSON, Level.INFO));
        own.log(Level.INFO, "as JSON");
        logs.apply(new Logging(LogFormat.TEXT, Level.INFO));
        own.log(Level.INFO, "as text again");
        assertThat(lines()).hasSize(3);
        assertThat(lines().get(0)).endsWith("Z INFO  as text");
        assertThat(new JsonObject(lines().get(1)).getString("message")).isEqualTo("as JSON");
        assertThat(lines().get(2)).endsWith("Z INFO  as text again");
    }

    @Test
    void aSecretIsNeverALine() {
        configure(LogFormat.TEXT, Level.TRACE);
        own.log(Level.INFO, "token {0}", new Secret("the-secret-itself"));
        assertThat(lines())
                .singleElement()
                .asString()
                .doesNotContain("the-secret-itself")
                .endsWith("token ***");
    }

    @Test
    void aBrokenOutputBreaksNothing() {
        Logs.configure(new Logging(LogFormat.TEXT, Level.INFO), new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        });
        own.log(Level.INFO, "lost");
        assertThat(out.size()).isZero();
    }
}
