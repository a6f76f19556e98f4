package io.ringrift.agent.state;

import java.io.IOException;

/** Where a snapshot goes: {@code OutputStream::write} fits. */
@FunctionalInterface
public interface Sink {
    void write(byte[] bytes, int from, int length) throws IOException;
}
