import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A kubectl that forwards a port of this machine, to a pod or to the API server; where it is then. */
record Forward(Process process, URI to) implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("127.0.0.1:(\\d+)");

    /** Starts {@code kubectl} with these arguments. */
    static Forward start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String line = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
        Matcher port = PORT.matcher(String.valueOf(line));
        if (!port.find()) {
            throw new IOException(String.join(" ", command) + ": " + line);
        }
        return new Forward(process, URI.create("http://127.0.0.1:" + port.group(1)));
    }

    @Override
    public void close() {
        process.destroy();
    }
}
