package io.ringrift.agent.runtime;

import io.netty.channel.ConnectTimeoutException;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.swim.Endpoint;
import io.ringrift.agent.membership.swim.SwimEffect;
import io.ringrift.agent.membership.swim.TcpOutcome;
import io.ringrift.agent.runtime.PeerTransport.Answer;
import io.ringrift.agent.runtime.PeerTransport.Ask;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * What SWIM needs of its peers' REST APIs: who answers there, and the full-state exchange. Requests run on a context of the other
 * loop, so that TLS never keeps gossip waiting.
 */
public final class SwimTcp {
    /** Answers the node and the instance of SWIM that runs there. */
    public static final String INSTANCE = "/swim/instance";

    /** Takes a request of the full-state exchange. */
    public static final String SYNC = "/swim/sync";

    /** What is sent to {@link #SYNC} and what it answers. */
    public static final String CONTENT_TYPE = "application/octet-stream";

    private static final Duration SYNC_TIMEOUT = Duration.ofSeconds(10);

    private final PeerTransport transport;
    private final ContextInternal context;

    /** @param context where the requests run */
    public SwimTcp(PeerTransport transport, ContextInternal context) {
        this.transport = transport;
        this.context = context;
    }

    /** Who answers; never fails. Completed on the context of the requests. */
    Future<TcpOutcome> probe(SwimEffect.TcpProbe probe) {
        return run(() -> transport.exchange(address(probe.http()), Ask.get(INSTANCE), probe.timeout()))
                .map(answer -> outcome(answer, probe))
                .recover(failure -> isRefused(failure)
                        ? UdpKnock.isRefused(context, probe.gossip())
                                .map(gone -> gone ? TcpOutcome.REFUSED : TcpOutcome.SILENT)
                        : Future.succeededFuture(TcpOutcome.SILENT));
    }

    /** The answer's body; fails where there is none. Completed on the context of the requests. */
    Future<byte[]> sync(SwimEffect.Sync sync) {
        Ask ask = Ask.post(SYNC, CONTENT_TYPE, Buffer.buffer(sync.body()));
        return run(() -> transport.exchange(address(sync.http()), ask, SYNC_TIMEOUT))
                .compose(answer -> answer.status() == 200
                        ? Future.succeededFuture(answer.body().getBytes())
                        : Future.failedFuture(sync.nodeId() + " answered with status " + answer.status()));
    }

    private Future<Answer> run(Supplier<Future<Answer>> request) {
        Promise<Answer> answer = Promise.promise();
        context.runOnContext(here -> request.get().onComplete(answer));
        return answer.future();
    }

    private static TcpOutcome outcome(Answer answer, SwimEffect.TcpProbe probe) {
        if (answer.status() != 200) {
            return TcpOutcome.SILENT;
        }
        try {
            JsonObject json = answer.body().toJsonObject();
            boolean same = probe.nodeId().equals(json.getValue("node_id"))
                    && HexFormat.of().toHexDigits(probe.instance()).equals(json.getValue("instance"));
            return same ? TcpOutcome.ANSWERED : TcpOutcome.OTHER_INSTANCE;
        } catch (DecodeException | ClassCastException notAnAgent) {
            return TcpOutcome.SILENT;
        }
    }

    private static boolean isRefused(Throwable failure) {
        return failure instanceof ConnectException && !(failure instanceof ConnectTimeoutException);
    }

    private static Address address(Endpoint http) {
        return new Address(http.host(), http.port());
    }
}
