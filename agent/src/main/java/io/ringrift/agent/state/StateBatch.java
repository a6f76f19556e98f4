package io.ringrift.agent.state;

import io.ringrift.agent.state.StateLogException.Kind;
import java.io.IOException;
import java.util.List;

/**
 * Requests that one agent hands to the one that leads, in one message, and what became of each. Bytes in the form of the log's; what cannot
 * be read ends in an {@link IOException}.
 */
public final class StateBatch {
    private static final int VERSION = 1;
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final List<How> HOWS = List.of(How.values());

    private StateBatch() {}

    /** How a request is to be answered, in the order of the numbers on the wire. */
    public enum How {
        /** Through the log. */
        COMMITTED,
        /** Through the log, and again when there may be more to say, as long as the message waits. */
        AWAITED,
        /** From what was applied there, which may be old. */
        STALE
    }

    /** @param request an encoded {@link StateRequest} */
    public record Item(How how, byte[] request) {}

    /** @param waitMillis how long the answer may wait for requests that are {@link How#AWAITED} */
    public record Asked(long waitMillis, List<Item> items) {}

    public static byte[] encode(Asked asked) {
        return Encoder.bytes(out -> out.tag(VERSION)
                .number(asked.waitMillis())
                .many(asked.items(), (to, item) -> to.tag(item.how().ordinal()).bytes(item.request())));
    }

    public static Asked decode(byte[] bytes) throws IOException {
        Decoder in = begin(bytes);
        Asked asked = new Asked(
                in.number(), in.many(each -> new Item(HOWS.get(each.tag(HOWS.size(), "way to answer")), each.bytes())));
        in.end();
        return asked;
    }

    public static byte[] encodeOutcomes(List<Outcome> outcomes) {
        return Encoder.bytes(out -> out.tag(VERSION).many(outcomes, StateBatch::write));
    }

    public static List<Outcome> decodeOutcomes(byte[] bytes) throws IOException {
        Decoder in = begin(bytes);
        List<Outcome> outcomes = in.many(StateBatch::outcome);
        in.end();
        return outcomes;
    }

    private static void write(Encoder out, Outcome outcome) throws IOException {
        switch (outcome) {
            case Outcome.Answered(var answer) -> out.tag(0).bytes(answer);
            case Outcome.Failed(var kind, var message) ->
                out.tag(1 + kind.ordinal()).text(message);
        }
    }

    private static Outcome outcome(Decoder in) throws IOException {
        int tag = in.tag(KINDS.size() + 1, "outcome");
        return tag == 0 ? new Outcome.Answered(in.bytes()) : new Outcome.Failed(KINDS.get(tag - 1), in.text());
    }

    private static Decoder begin(byte[] bytes) throws IOException {
        Decoder in = new Decoder(bytes);
        int version = in.tag();
        if (version != VERSION) {
            throw Decoder.malformed("version " + version + " of a message, and " + VERSION + " is known");
        }
        return in;
    }
}
