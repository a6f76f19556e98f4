package io.ringrift.operator.observe;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.parsetools.RecordParser;
import java.util.function.Consumer;

/**
 * Follows the events of one agent: says the name of each as it comes. What an event brings is not read: it tells when to ask, and the
 * answer is the agent's status. Lives on one event loop.
 */
final class EventFollower {
    /** No event of an agent's is nearly as long. */
    private static final int LONGEST_LINE = 64 * 1024;

    private static final String NAME = "event:";

    private final AgentEndpoint endpoint;
    private final Consumer<String> event;
    private HttpClientResponse response;
    private boolean ended;

    /** @param event takes the name of each event: leader, member, fallback or config */
    EventFollower(AgentEndpoint endpoint, Consumer<String> event) {
        this.endpoint = endpoint;
        this.event = event;
    }

    void open(AgentClient client) {
        client.events(endpoint).onSuccess(this::read).onFailure(why -> ended = true);
    }

    boolean isOf(AgentEndpoint other) {
        return endpoint.equals(other);
    }

    /** Whether nothing comes any more: the agent ended it, or cannot be reached. */
    boolean isOver() {
        return ended;
    }

    void close() {
        ended = true;
        if (response != null) {
            response.request().connection().close();
        }
    }

    private void read(HttpClientResponse opened) {
        response = opened;
        if (ended) {
            close();
            return;
        }
        RecordParser lines = RecordParser.newDelimited("\n").maxRecordSize(LONGEST_LINE);
        lines.handler(this::line);
        lines.exceptionHandler(tooLong -> close());
        opened.exceptionHandler(broken -> ended = true);
        opened.endHandler(end -> ended = true);
        opened.handler(lines);
    }

    private void line(Buffer line) {
        String text = line.toString();
        if (!ended && text.startsWith(NAME)) {
            event.accept(text.substring(NAME.length()).strip());
        }
    }
}
