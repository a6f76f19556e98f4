package io.ringrift.agent.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A handful of figures of the process itself, without the management classes, which would cost more memory than they tell about. */
final class ProcessMetrics {
    private static final Path PROCESS_STATUS = Path.of("/proc/self/status");

    private ProcessMetrics() {}

    static void register(MeterRegistry registry, Supplier<Duration> clock, String version) {
        Runtime runtime = Runtime.getRuntime();
        gauge(
                registry,
                "ringrift_process_uptime_seconds",
                "Time since start.",
                () -> clock.get().toMillis() / 1000.0);
        gauge(
                registry,
                "ringrift_process_heap_used_bytes",
                "Heap in use, garbage included.",
                () -> runtime.totalMemory() - runtime.freeMemory());
        gauge(registry, "ringrift_process_heap_max_bytes", "What the heap may grow to.", runtime::maxMemory);
        if (Files.isReadable(PROCESS_STATUS)) {
            gauge(
                    registry,
                    "ringrift_process_resident_memory_bytes",
                    "Memory as the kernel counts it.",
                    ProcessMetrics::residentBytes);
        }
        Gauge.builder("ringrift_build", () -> 1)
                .description("Always 1; the label says which version runs.")
                .tag("version", version)
                .register(registry);
    }

    private static void gauge(MeterRegistry registry, String name, String help, Supplier<Number> value) {
        Gauge.builder(name, value).description(help).register(registry);
    }

    private static Number residentBytes() {
        try (Stream<String> lines = Files.lines(PROCESS_STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(kibibytes -> Long.parseLong(kibibytes) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
