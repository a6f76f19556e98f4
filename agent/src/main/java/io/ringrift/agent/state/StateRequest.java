package io.ringrift.agent.state;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A command as it goes through the log.
 *
 * @param once makes a retry harmless
 * @param epoch the fencing token that came with it: refused where a leader of a higher epoch was seen
 */
public record StateRequest(Optional<Once> once, OptionalLong epoch, Command command) {

    /** An idempotency key: a request that comes a second time under it is answered as the first time, and applied once. */
    public record Once(By by, String key) {

        /** Who made the key; the keys of one are no keys of the other. In the order of their numbers on the log. */
        public enum By {
            /** Remembered for 10 minutes. */
            CLIENT,
            /** An agent that tries again by itself while the leader changes: remembered for 30 seconds. */
            AGENT
        }
    }

    /** A request that nobody retries. */
    public static StateRequest of(Command command) {
        return new StateRequest(Optional.empty(), OptionalLong.empty(), command);
    }

    public byte[] encode() {
        return Encoder.bytes(out -> {
            out.tag(once.map(one -> one.by().ordinal() + 1).orElse(0));
            if (once.isPresent()) {
                out.text(once.get().key());
            }
            CommandCodec.write(out.optional(epoch), command);
        });
    }

    /** The bytes of the command alone: what a key stands for. */
    byte[] content() {
        return Encoder.bytes(out -> CommandCodec.write(out.optional(epoch), command));
    }

    static StateRequest decode(byte[] bytes) throws IOException {
        Decoder in = new Decoder(bytes);
        Optional<Once> once = once(in);
        StateRequest request = new StateRequest(once, in.optionalNumber(), CommandCodec.read(in));
        in.end();
        return request;
    }

    private static Optional<Once> once(Decoder in) throws IOException {
        int tag = in.tag();
        return switch (tag) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(new Once(Once.By.CLIENT, in.text()));
            case 2 -> Optional.of(new Once(Once.By.AGENT, in.text()));
            default -> throw Decoder.malformed("key of kind " + tag);
        };
    }
}
