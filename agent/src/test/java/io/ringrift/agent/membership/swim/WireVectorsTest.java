package io.ringrift.agent.membership.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.security.Envelope.Opened;
import io.ringrift.agent.security.PlainEnvelope;
import io.ringrift.agent.security.SealedEnvelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The packets in docs/swim-wire.md, byte by byte: the page is the norm, and this is what holds the code to it. */
class WireVectorsTest {
    private static final Path PAGE = Path.of("..", "docs", "swim-wire.md");
    private static final int TAG = Swim.clusterTag("default/demo");
    private static final long HASH = 0x1122_3344_5566_7788L;

    @Test
    void everyVectorIsWhatTheCodeWritesAndReads() throws IOException {
        Map<String, byte[]> page = vectors();

        assertThat(page.keySet()).containsExactlyElementsOf(packets().keySet());
        packets().forEach((name, packet) -> {
            assertThat(HexFormat.of().formatHex(page.get(name)))
                    .as(name)
                    .isEqualTo(HexFormat.of().formatHex(packet));
            if (!name.endsWith("datagram")) {
                assertThat(PacketCodec.read(packet, TAG)).as(name).isInstanceOf(PacketCodec.Decoded.Good.class);
            }
        });
    }

    @Test
    void theSealedVectorOpensToThePlainPacket() throws IOException {
        Map<String, byte[]> page = vectors();

        Opened opened = new SealedEnvelope("default/demo", Chaos.keys("ab"), 0).open(page.get("sealed datagram"));

        assertThat(opened).isInstanceOf(Opened.Packet.class);
        assertThat(((Opened.Packet) opened).bytes()).isEqualTo(page.get("ping"));
    }

    @Test
    void whatThePageCallsRefusedIsRefusedForThatReason() throws IOException {
        Map<String, byte[]> page = vectors("`([a-z ,]+)` \\(([a-z-]+)\\):\\n+```\\n([0-9a-f\\s]+)```");

        assertThat(page).hasSizeGreaterThanOrEqualTo(6);
        page.forEach((name, packet) -> {
            String reason = name.substring(name.indexOf('(') + 1, name.length() - 1);
            assertThat(PacketCodec.read(packet, TAG))
                    .as(name)
                    .isEqualTo(new PacketCodec.Decoded.Bad(
                            Drop.valueOf(reason.toUpperCase(Locale.ROOT).replace('-', '_'))));
        });
    }

    private static Map<String, byte[]> packets() {
        long from = Samples.DEMO_0.instance();
        long to = Samples.DEMO_1.instance();
        Map<String, byte[]> packets = new LinkedHashMap<>();
        packets.put("ping", Samples.encode(TAG, from, to, HASH, new Message.Ping(300), List.of()));
        packets.put(
                "ack with news",
                Samples.encode(
                        TAG,
                        to,
                        from,
                        HASH,
                        new Message.Ack(300),
                        List.of(
                                new Update.Suspect(5, 128, List.of(6L, 7L)),
                                new Update.Failed(8, 127, 6),
                                new Update.Left(9, 1))));
        packets.put(
                "ping request",
                Samples.encode(
                        TAG,
                        from,
                        to,
                        HASH,
                        new Message.PingRequest(301, 5, Endpoint.ofIpv4(0x0A00_0005, 7947), 300),
                        List.of()));
        packets.put("nack", Samples.encode(TAG, to, from, HASH, new Message.Nack(301), List.of()));
        packets.put(
                "witness request",
                Samples.encode(
                        TAG,
                        from,
                        to,
                        HASH,
                        new Message.WitnessRequest(302, 5, Samples.DEMO_1.endpoint(), 300),
                        List.of()));
        packets.put(
                "witness reply, no answer",
                Samples.encode(TAG, to, from, HASH, new Message.WitnessReply(302, false), List.of()));
        packets.put(
                "gossip of a newcomer",
                Samples.encode(TAG, from, to, HASH, new Message.Gossip(), List.of(new Update.Alive(Samples.DEMO_1))));
        packets.put("join", Samples.encode(TAG, from, 0, HASH, new Message.Join(Samples.DEMO_0), List.of()));
        packets.put("join ack", Samples.encode(TAG, to, from, HASH, new Message.JoinAck(Samples.DEMO_1), List.of()));
        packets.put("not me", Samples.encode(TAG, to, from, HASH, new Message.NotMe(Samples.DEMO_1), List.of()));
        packets.put(
                "leave ack", Samples.encode(TAG, to, from, HASH, new Message.LeaveAck(1_700_000_000_000L), List.of()));
        packets.put(
                "sync push",
                Samples.encode(
                        TAG,
                        from,
                        to,
                        HASH,
                        new Message.SyncPush(List.of(new Message.Entry(Samples.DEMO_1, MemberState.FAILED, 60))),
                        List.of()));
        packets.put("plain datagram", new PlainEnvelope().close(packets.get("ping")));
        packets.put(
                "sealed datagram", new SealedEnvelope("default/demo", Chaos.keys("a"), 41).close(packets.get("ping")));
        BitSet none = new BitSet();
        packets.put(
                "sync answer, nothing differs",
                Samples.encode(TAG, to, from, HASH, new Message.SyncAnswer(none, List.of()), List.of()));
        BitSet two = new BitSet();
        two.set(0);
        two.set(9);
        packets.put(
                "sync answer, buckets 0 and 9 differ",
                Samples.encode(
                        TAG,
                        to,
                        from,
                        HASH,
                        new Message.SyncAnswer(two, List.of(new Message.Entry(Samples.DEMO_0, MemberState.LEFT, 90))),
                        List.of()));
        return packets;
    }

    private static Map<String, byte[]> vectors() throws IOException {
        return vectors("`([a-z0-9 ,]+)`:\\n+```\\n([0-9a-f\\s]+)```");
    }

    /** By name, and reason in brackets where the pattern has one. */
    private static Map<String, byte[]> vectors(String pattern) throws IOException {
        Map<String, byte[]> vectors = new LinkedHashMap<>();
        for (MatchResult match : Pattern.compile(pattern)
                .matcher(Files.readString(PAGE))
                .results()
                .toList()) {
            String reason = match.groupCount() > 2 ? " (" + match.group(2) + ")" : "";
            String hex = match.group(match.groupCount()).replaceAll("\\s", "");
            vectors.put(match.group(1) + reason, HexFormat.of().parseHex(hex));
        }
        return vectors;
    }
}
