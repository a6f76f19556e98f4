package io.ringrift.agent.runtime;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.ringrift.agent.membership.swim.Endpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * SWIM's UDP socket, on the event loop of a Vert.x context.
 *
 * <p>Not Vert.x's own datagram socket: that one reads a single datagram in each turn of the loop, so that after a pause deadlines
 * would be judged while the answers still wait in the kernel; it asks the resolver for every send, literal address or not; and its
 * receive buffer is also what it allocates for every datagram.
 */
final class SwimSocket {
    /** Datagrams read in one turn of the loop; a turn that reads fewer has emptied the socket. */
    static final int BATCH = 16;

    /** More than the largest packet, so that one that is too long is seen to be. */
    private static final int READ_BYTES = 2_048;

    /** What the kernel keeps while this process is paused; it takes less where its own limit is lower. */
    private static final int KERNEL_BYTES = 1 << 20;

    private final Channel channel;
    private final Receiver receiver;

    /** Takes what came in, and hears of what could not be sent; on the loop's thread. */
    interface Listener {
        void received(Endpoint from, byte[] datagram);

        void unsent();
    }

    private SwimSocket(Channel channel, Receiver receiver) {
        this.channel = channel;
        this.receiver = receiver;
    }

    /**
     * Binds; fails with the system's reason where the port cannot be had.
     *
     * @param context its loop reads; the result is completed on it
     */
    static Future<SwimSocket> bind(ContextInternal context, InetAddress address, int port, Listener listener) {
        Receiver receiver = new Receiver(listener);
        Promise<SwimSocket> bound = context.promise();
        new Bootstrap()
                .group(context.nettyEventLoop())
                .channelFactory(context.owner().transport().datagramChannelFactory())
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(BATCH))
                .option(ChannelOption.SO_RCVBUF, KERNEL_BYTES)
                .handler(receiver)
                .bind(new InetSocketAddress(address, port))
                .addListener((io.netty.channel.ChannelFuture binding) -> {
                    if (binding.isSuccess()) {
                        bound.complete(new SwimSocket(binding.channel(), receiver));
                    } else {
                        bound.fail(binding.cause());
                    }
                });
        return bound.future();
    }

    /** Sends and forgets: a packet that the kernel does not take at once is lost like any other. On the loop's thread. */
    void send(Endpoint to, byte[] datagram) {
        if (!channel.isWritable()) {
            receiver.listener.unsent();
            return;
        }
        InetSocketAddress address = new InetSocketAddress(to.address(), to.port());
        channel.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(datagram), address), channel.voidPromise());
    }

    /** Datagrams read so far. On the loop's thread. */
    long received() {
        return receiver.count;
    }

    /**
     * Done when the port is free. A closed channel still holds its port until the loop's selector has run once more, which is
     * before any timer that is set now; whoever binds it again in the same turn of the loop finds it taken.
     */
    Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        channel.close()
                .addListener(done -> channel.eventLoop().schedule(() -> closed.complete(), 1, TimeUnit.MILLISECONDS));
        return closed.future();
    }

    private static final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
        private final Listener listener;
        private long count;

        private Receiver(Listener listener) {
            this.listener = listener;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            count++;
            InetSocketAddress from = packet.sender();
            // Port 0 is nobody's: such a sender is made up.
            if (from.getPort() != 0) {
                listener.received(
                        Endpoint.of(from.getAddress(), from.getPort()), ByteBufUtil.getBytes(packet.content()));
            }
        }

        /** A send that failed, or an ICMP error of an earlier one that Linux reports at the next read: nothing to do. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            listener.unsent();
        }
    }
}
