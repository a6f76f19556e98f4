package io.ringrift.agent.state;

import java.io.IOException;

/**
 * A key and its value.
 *
 * @param value a JSON document, as it was handed in
 * @param version rises with every change of the key, by 1 as a rule; a key that is made again after it was deleted begins above
 *     every version that any deleted key had
 */
public record KeyValue(String key, byte[] value, long version) {
    private static final int OVERHEAD = 120;

    /** What it takes, in bytes, estimated. */
    long size() {
        return OVERHEAD + 2L * key.length() + value.length;
    }

    void write(Encoder out) throws IOException {
        out.text(key).bytes(value).number(version);
    }

    static KeyValue read(Decoder in) throws IOException {
        return new KeyValue(in.text(), in.bytes(), in.number());
    }
}
