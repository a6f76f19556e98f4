package io.ringrift.agent.state;

import static io.ringrift.agent.state.Replica.code;
import static io.ringrift.agent.state.Replica.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What is no backup changes nothing. */
class BackupTest {
    private final Replica replica = new Replica();

    private Answer restore(byte[] backup) {
        int half = backup.length / 2;
        replica.ask(new Command.Restore(7, 0, false, Arrays.copyOf(backup, half)));
        return replica.ask(new Command.Restore(7, 1, true, Arrays.copyOfRange(backup, half, backup.length)));
    }

    private Answer put(String key, String value) {
        return replica.ask(new Command.PutKey(key, json(value), OptionalLong.empty()));
    }

    private String get(String key) {
        return replica.ask(new Command.GetKey(key)) instanceof Answer.Value(var value)
                ? new String(value.value())
                : "none";
    }

    @Test
    void whatIsDamagedCutOrMadeToGrowIsRefusedAndChangesNothing() throws IOException {
        put("a", "1");
        byte[] backup = Backup.of(replica.state);
        put("a", "2");
        long bytes = replica.state.sizes().get("bytes");
        for (int at = 12; at < backup.length; at++) {
            byte[] damaged = backup.clone();
            damaged[at] ^= (byte) 0xFF;
            assertThat(code(restore(damaged))).as("byte " + at).isEqualTo(Answer.Code.INVALID_REQUEST);
        }
        assertThat(code(restore(Arrays.copyOf(backup, backup.length - 9)))).isEqualTo(Answer.Code.INVALID_REQUEST);
        var bomb = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bomb)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                out.write(zeros);
            }
        }
        assertThat(code(restore(bomb.toByteArray()))).isEqualTo(Answer.Code.INVALID_REQUEST);
        assertThat(get("a")).isEqualTo("2");
        assertThat(replica.state.sizes()).containsEntry("bytes", bytes);
    }
}
