package io.ringrift.operator;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * What {@code helm test} runs in a pod of its own: asks an operator for its readiness through its Service and prints the
 * answer. Ends with 0 when the operator is ready, with 1 when it is not or cannot be reached.
 */
public final class SelfTest {

    private static final int TIMEOUT_MILLIS = 10_000;

    private SelfTest() {}

    /** Takes the address to ask. */
    public static void main(String[] arguments) {
        System.exit(run(arguments[0]) ? 0 : 1);
    }

    static boolean run(String address) {
        try {
            var connection = (HttpURLConnection) URI.create(address).toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            int code = connection.getResponseCode();
            try (var body = code < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                String said = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
                System.out.println(address + " answers " + code + "\n" + said);
            }
            return code == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            System.out.println(address + " does not answer: " + e);
            return false;
        }
    }
}
