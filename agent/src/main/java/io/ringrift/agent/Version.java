package io.ringrift.agent;

import java.util.Optional;

/** The version that the jar's manifest names. */
final class Version {
    private Version() {}

    /** {@code development} where the classes do not come from the packaged jar. */
    static String of(Class<?> type) {
        return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse("development");
    }
}
