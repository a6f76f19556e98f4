package io.ringrift.agent.state;

import java.io.IOException;

/** Where a snapshot comes from: {@code InputStream::read} fits. Returns how many bytes it gave, -1 at the end. */
@FunctionalInterface
public interface Source {
    int read(byte[] bytes, int from, int length) throws IOException;
}
