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

    /** What makes a request one that is applied once, however often it comes. */
    public sealed interface Once {
        /**
         * An idempotency key of a client: a request that comes again under it within 10 minutes is answered as the first time.
         *
         * @param key in visible characters
         * @param waits whoever waits for work or a lock asks again under the same key: that there is nothing to be had now is no answer to be
         *     remembered
         */
        record Key(String key, boolean waits) implements Once {
            private static final String WAITS = "\n";

            /** The same key of one who waits no longer: what he is told then is remembered, whatever it is. */
            public Key withoutWaiting() {
                return new Key(key, false);
            }

            /** As it stands on the log. */
            private String text() {
                return waits ? key + WAITS : key;
            }

            private static Key of(String text) {
                boolean waits = text.endsWith(WAITS);
                return new Key(waits ? text.substring(0, text.length() - WAITS.length()) : text, waits);
            }
        }

        /**
         * A number of an agent that tries again by itself while the leader changes.
         *
         * @param agent names one run of an agent
         * @param number rises with every request of that run
         * @param settled the answers to all requests below this number have reached the agent, or nobody waits for them any more
         */
        record Attempt(String agent, long number, long settled) implements Once {}
    }

    /** A request that nobody retries. */
    public static StateRequest of(Command command) {
        return new StateRequest(Optional.empty(), OptionalLong.empty(), command);
    }

    public byte[] encode() {
        return Encoder.bytes(out -> {
            switch (once.orElse(null)) {
                case null -> out.tag(0);
                case Once.Key key -> out.tag(1).text(key.text());
                case Once.Attempt(String agent, long number, long settled) ->
                    out.tag(2).text(agent).number(number).number(settled);
            }
            CommandCodec.write(out.optional(epoch), command);
        });
    }

    /** The bytes of the command alone: what a key stands for. */
    byte[] content() {
        return Encoder.bytes(out -> CommandCodec.write(out.optional(epoch), command));
    }

    /** Reads what {@link #encode} wrote. @throws IOException for anything else */
    public static StateRequest decode(byte[] bytes) throws IOException {
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
            case 1 -> Optional.of(Once.Key.of(in.text()));
            case 2 -> Optional.of(new Once.Attempt(in.text(), in.number(), in.number()));
            default -> throw Decoder.malformed("key of kind " + tag);
        };
    }
}
