package io.ringrift.agent.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class GossipKeyringTest {
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    @Test
    void linesWithoutAKeyDoNotCount() {
        assertThat(GossipKeyring.parse("# first\n\n  " + KEY + "  \r\n")).hasToString("GossipKeyring[1 keys]");
    }

    @Test
    void whatIsWrongIsSaidWithoutTheKey() {
        String shortKey = Base64.getEncoder().encodeToString(new byte[16]);

        assertThatThrownBy(() -> GossipKeyring.parse(KEY + "\n" + shortKey))
                .hasMessage("gossip keys, line 2: a key of 16 bytes; allowed is a base64 key of 32 bytes");
        assertThatThrownBy(() -> GossipKeyring.parse("not base64!"))
                .hasMessage("gossip keys, line 1: not base64; allowed is a base64 key of 32 bytes")
                .hasNoCause();
        assertThatThrownBy(() -> GossipKeyring.parse("\n#\n"))
                .hasMessage("gossip keys: 0 keys in the file, allowed are 1-16");
        assertThatThrownBy(() -> GossipKeyring.parse(KEY + "\n" + KEY))
                .hasMessage("gossip keys: the same key stands there twice");
    }
}
