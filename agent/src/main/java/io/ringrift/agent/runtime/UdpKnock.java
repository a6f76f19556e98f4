package io.ringrift.agent.runtime;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.ringrift.agent.membership.swim.Endpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.time.Duration;

/**
 * Asks a host's kernel whether anybody listens at a UDP port. A packet filter that rejects TCP looks like a process that is gone; it does not
 * when datagrams are taken.
 */
final class UdpKnock {
    /** An answer of the kernel's takes a round trip; one that is not there by then does not come. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    /** Nobody reads meaning into it: whoever listens counts it as malformed. */
    private static final byte[] KNOCK = {0};

    private UdpKnock() {}

    /** True when the host says that nobody listens; false when it says nothing. Never fails. Completed on {@code context}. */
    static Future<Boolean> isRefused(ContextInternal context, Endpoint at) {
        Promise<Boolean> refused = context.promise();
        Channel channel = new Bootstrap()
                .group(context.nettyEventLoop())
                .channelFactory(context.owner().transport().datagramChannelFactory())
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        refused.tryComplete(cause instanceof PortUnreachableException);
                    }
                })
                .connect(new InetSocketAddress(at.address(), at.port()))
                .addListener((io.netty.channel.ChannelFuture connecting) -> {
                    if (connecting.isSuccess()) {
                        connecting.channel().writeAndFlush(Unpooled.wrappedBuffer(KNOCK));
                    } else {
                        refused.tryComplete(false);
                    }
                })
                .channel();
        long timer = context.owner().setTimer(PATIENCE.toMillis(), late -> refused.tryComplete(false));
        return refused.future().onComplete(said -> {
            context.owner().cancelTimer(timer);
            channel.close();
        });
    }
}
