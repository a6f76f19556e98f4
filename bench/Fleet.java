import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Processes of one kind on loopback that watch each other, and what their logs say of it. */
sealed interface Fleet {
    /** Starts the member with this number; it finds the others by itself. */
    Process start(int member) throws IOException;

    /** What a line of a member's log says about another one, if anything. */
    Optional<News> read(String line);

    /** @param failed false: it lives */
    record News(int member, boolean failed) {}

    /** RingRift's agents, as {@code java -jar} runs them, with SWIM alone. */
    record Agents(Path jar, String profile, int size, Path directory) implements Fleet {
        private static final int FIRST_PORT = 29_000;
        private static final Pattern LINE = Pattern.compile("] bench-(\\d+) is now (ALIVE|FAILED)");

        @Override
        public Process start(int member) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx48m", "-Xss256k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
                    "-Dio.netty.allocator.maxOrder=1", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                    "-jar", jar.toString());
            builder.environment().keySet().removeIf(key -> key.startsWith("RINGRIFT_") || key.startsWith("RAFT_"));
            builder.environment().put("MALLOC_ARENA_MAX", "1");
            builder.environment().put("RINGRIFT_NODE_ID", "bench-" + member);
            builder.environment().put("RINGRIFT_BIND_ADDR", "127.0.0.1");
            builder.environment().put("RINGRIFT_ADVERTISE_HOST", "127.0.0.1");
            builder.environment().put("RINGRIFT_P2P_PORT", Integer.toString(port(member)));
            builder.environment().put("RINGRIFT_SWIM_PORT", Integer.toString(port(member) + 1));
            builder.environment().put("RINGRIFT_RAFT_PORT", Integer.toString(port(member) + 2));
            builder.environment().put("RINGRIFT_MEMBERSHIP_MODE", "swim");
            builder.environment().put("RINGRIFT_SWIM_PROFILE", profile);
            builder.environment().put("RINGRIFT_PEERS", peers(member));
            builder.environment().put("RINGRIFT_DATA_DIR", directory.resolve("data-" + member).toString());
            return builder.redirectErrorStream(true).start();
        }

        @Override
        public Optional<News> read(String line) {
            Matcher match = LINE.matcher(line);
            return match.find()
                    ? Optional.of(new News(Integer.parseInt(match.group(1)), match.group(2).equals("FAILED")))
                    : Optional.empty();
        }

        private String peers(int member) {
            List<String> peers = new ArrayList<>();
            for (int other = 0; other < size; other++) {
                if (other != member) {
                    peers.add("bench-" + other + "=127.0.0.1:" + port(other));
                }
            }
            return String.join(",", peers);
        }

        private static int port(int member) {
            return FIRST_PORT + 3 * member;
        }
    }

    /** Debian's serf. */
    record Serf(Path program, String profile, int size) implements Fleet {
        private static final int FIRST_PORT = 29_500;
        private static final Pattern LINE = Pattern.compile("serf: EventMember(Join|Failed): bench-(\\d+) ");

        @Override
        public Process start(int member) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    program.toString(), "agent", "-node=bench-" + member, "-bind=127.0.0.1:" + port(member),
                    "-rpc-addr=127.0.0.1:" + (port(member) + 1), "-profile=" + profile, "-log-level=info"));
            for (int seed = 0; seed < 3; seed++) {
                if (seed != member) {
                    command.add("-retry-join=127.0.0.1:" + port(seed));
                }
            }
            command.add("-retry-interval=1s");
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        }

        @Override
        public Optional<News> read(String line) {
            Matcher match = LINE.matcher(line);
            return match.find()
                    ? Optional.of(new News(Integer.parseInt(match.group(2)), match.group(1).equals("Failed")))
                    : Optional.empty();
        }

        private static int port(int member) {
            return FIRST_PORT + 2 * member;
        }
    }

    static Path temporaryDirectory() throws IOException {
        return Files.createTempDirectory("ringrift-bench");
    }
}
