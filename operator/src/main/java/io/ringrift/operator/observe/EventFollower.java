package io.ringrift.operator.observe;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.parsetools.RecordParser;
import java.util.function.BiConsumer;

/**
 * Follows the events of one agent: hands each on as it comes. Lives on one event loop.
 */
final class EventFollower {
    /** No event of an agent's is nearly as long. */
    private static final int LONGEST_LINE = 64 * 1024;

    private static final String NAME = "event:";
    private static final String DATA = "data:";

    private final AgentEndpoint endpoint;
    private final BiConsumer<String, String> event;
    private String name = "";
    private HttpClientResponse response;
    private boolean ended;

    /** @param event takes the name of each event, which is leader, member, fallback or config, and its data */
    EventFollower(AgentEndpoint endpoint, BiConsumer<String, String> event) {
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
        if (ended) {
            return;
        }
        if (text.startsWith(NAME)) {
            name = text.substring(NAME.length()).strip();
        } else if (text.startsWith(DATA)) {
            // Agents write each event's data in one line.
            event.accept(name, text.substring(DATA.length()).strip());
        }
    }
}
