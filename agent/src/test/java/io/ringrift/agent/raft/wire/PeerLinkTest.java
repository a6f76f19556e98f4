package io.ringrift.agent.raft.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ringrift.agent.membership.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.thirdparty.com.google.protobuf.BytesValue;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Links and ports on real sockets, without Raft behind them. */
class PeerLinkTest {
    private static final String ASKS = "worker-0.00000001";
    private static final String ANSWERS = "worker-1.00000002";

    private final Map<String, Address> addresses = new ConcurrentHashMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<CompletableFuture<MessageLite>> unanswered = new CopyOnWriteArrayList<>();
    private final Told asking = new Told(1_000);
    private final Told answering = new Told(2_000);
    private final PeerLink link = closing(link(ASKS, ANSWERS));
    private final long started = System.nanoTime();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void whatIsAskedIsAnswered() throws Exception {
        listen(ANSWERS, this::twice);
        assertThat(ask(link, 21)).isEqualTo(42);
        assertThat(ask(link, 4)).isEqualTo(8);
    }

    @Test
    void answersComeInAnyOrder() throws Exception {
        listen(ANSWERS, question -> index(question) == 1 ? later() : twice(question));
        CompletableFuture<TermIndexProto> first = asked(link, 1);
        assertThat(ask(link, 2)).isEqualTo(4);
        assertThat(first).isNotDone();
        unanswered.getFirst().complete(proto(7));
        assertThat(first.get(5, TimeUnit.SECONDS).getIndex()).isEqualTo(7);
    }

    /** Ratis decides whether to follow a leader, and stores its entries in a second step. */
    @Test
    void questionsOfSeveralPeersAreTakenOneAfterTheOther() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        listen(ANSWERS, question -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            LockSupport.parkNanos(100_000);
            inside.decrementAndGet();
            return twice(question);
        });
        PeerLink another = closing(link("worker-2.00000003", ANSWERS));
        List<CompletableFuture<TermIndexProto>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(asked(link, i));
            answers.add(asked(another, i));
        }
        for (CompletableFuture<TermIndexProto> answer : answers) {
            answer.get(10, TimeUnit.SECONDS);
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void largeMessagesPassAndTooLargeOnesAreRefusedBeforeTheyAreSent() throws Exception {
        listen(ANSWERS, question -> CompletableFuture.completedFuture(proto(question.body().length)));
        byte[] large = new byte[Frame.MAX_BODY - 100];
        MessageLite fits = BytesValue.of(UnsafeByteOperations.unsafeWrap(large));
        assertThat(link.ask(Frame.Kind.APPEND, fits, TermIndexProto.parser())
                        .get(5, TimeUnit.SECONDS)
                        .getIndex())
                .isEqualTo(fits.getSerializedSize());
        MessageLite tooLarge = BytesValue.of(UnsafeByteOperations.unsafeWrap(new byte[Frame.MAX_BODY]));
        assertThatThrownBy(() -> link.ask(Frame.Kind.APPEND, tooLarge, TermIndexProto.parser())
                        .get(5, TimeUnit.SECONDS))
                .hasMessageContaining(Frame.MAX_BODY + " that are allowed");
    }

    @Test
    void aRefusalSaysWhyAndTheConnectionStays() throws Exception {
        List<Frame> heard = new CopyOnWriteArrayList<>();
        listen(ANSWERS, question -> {
            heard.add(question);
            throw new IOException("not today");
        });
        assertThatThrownBy(() -> ask(link, 1)).hasMessageContaining("not today");
        assertThatThrownBy(() -> ask(link, 2)).hasMessageContaining("not today");
        assertThat(heard).hasSize(2);
    }

    /** The peer that was there lost its disk; the one that came after it must not answer in its name. */
    @Test
    void onlyThePeerThatIsMeantAnswers() throws Exception {
        List<Frame> heard = new CopyOnWriteArrayList<>();
        listen("worker-1.00000003", question -> {
            heard.add(question);
            return twice(question);
        });
        addresses.put(ANSWERS, addresses.get("worker-1.00000003"));
        assertThatThrownBy(() -> ask(link, 1)).hasMessageContaining("this is worker-1.00000003, not worker-1.00000002");
        assertThat(heard).isEmpty();
    }

    @Test
    void whoIsNowhereIsNotAsked() {
        assertThatThrownBy(() -> ask(link, 1)).hasMessageContaining("nobody says to be " + ANSWERS);
    }

    @Test
    void aPeerThatStartsAgainIsAskedAgain() throws Exception {
        PeerPort first = listen(ANSWERS, this::twice);
        assertThat(ask(link, 1)).isEqualTo(2);
        first.close();
        assertThatThrownBy(() -> ask(link, 1)).isInstanceOf(ExecutionException.class);
        listen(ANSWERS, this::twice);
        await().atMost(Duration.ofSeconds(5)).ignoreExceptions().until(() -> ask(link, 3) == 6);
    }

    @Test
    void aPeerThatMovesIsFollowed() throws Exception {
        listen(ANSWERS, this::twice);
        assertThat(ask(link, 1)).isEqualTo(2);
        listen(ANSWERS, question -> CompletableFuture.completedFuture(proto(100)));
        assertThat(ask(link, 1)).isEqualTo(100);
    }

    @Test
    void aQuestionFailsWhereNothingIsHeardForASecond() throws Exception {
        listen(ANSWERS, question -> later());
        assertThatThrownBy(() -> ask(link, 1)).hasMessageContaining("has not answered for PT1S");
    }

    /** As long as other answers come a slow one is waited for. */
    @Test
    void aSlowDiskIsNoSilence() throws Exception {
        listen(ANSWERS, question -> index(question) == 1 ? later() : twice(question));
        CompletableFuture<TermIndexProto> slow = asked(link, 1);
        await().pollInterval(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(5))
                .until(() -> {
                    assertThat(ask(link, 2)).isEqualTo(4);
                    return unanswered.size() == 1
                            && System.nanoTime() - started
                                    > Duration.ofSeconds(2).toNanos();
                });
        assertThat(slow).isNotDone();
        unanswered.getFirst().complete(proto(7));
        assertThat(slow.get(5, TimeUnit.SECONDS).getIndex()).isEqualTo(7);
    }

    /** Each connection would be a thread of one that takes them and says nothing. */
    @Test
    void whoStaysSilentIsConnectedToMoreAndMoreSeldom() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            addresses.put(ANSWERS, new Address("127.0.0.1", deaf.getLocalPort()));
            assertThatThrownBy(() -> ask(link, 1)).hasMessageContaining("has not answered for PT1S");
            assertThatThrownBy(() -> ask(link, 1)).hasMessageContaining("has not answered for PT2S");
        }
    }

    @Test
    void aSecondConnectionOfAPeerEndsItsFirst() throws Exception {
        listen(ANSWERS, question -> later());
        CompletableFuture<TermIndexProto> first = asked(link, 1);
        await().until(() -> unanswered.size() == 1);
        CompletableFuture<TermIndexProto> second = asked(closing(link(ASKS, ANSWERS)), 2);
        assertThatThrownBy(() -> first.get(900, TimeUnit.MILLISECONDS)).isInstanceOf(ExecutionException.class);
        assertThat(second).isNotDone();
    }

    @Test
    void strangersTakeNoMoreThanTheyMay() throws Exception {
        listen(ANSWERS, this::twice);
        assertThat(ask(link, 1)).isEqualTo(2);
        List<Socket> strangers = new ArrayList<>();
        for (int n = 0; n < 2 * PeerPort.MAX_CALLERS; n++) {
            Address at = addresses.get(ANSWERS);
            Socket stranger = new Socket(at.host(), at.port());
            stranger.setSoTimeout(5_000);
            strangers.add(stranger);
            open.add(stranger);
            assertThat(ask(link, n)).isEqualTo(2L * n);
        }
        assertThat(strangers.getFirst().getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void whatIsNoneOfRaftsIsRefused() throws Exception {
        listen(ANSWERS, this::twice);
        for (byte[] rubbish : List.of(
                "GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(),
                new byte[] {0, 127, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0},
                new byte[] {2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0})) {
            Address at = addresses.get(ANSWERS);
            try (Socket stranger = new Socket(at.host(), at.port())) {
                stranger.setSoTimeout(5_000);
                stranger.getOutputStream().write(rubbish);
                assertThat(stranger.getInputStream().readAllBytes()).startsWith(Frame.Kind.REFUSAL.ordinal());
            }
        }
        assertThat(ask(link, 1)).isEqualTo(2);
    }

    @Test
    void anotherVersionIsToldSo() throws Exception {
        listen(ANSWERS, this::twice);
        Address at = addresses.get(ANSWERS);
        try (Socket newer = new Socket(at.host(), at.port())) {
            newer.setSoTimeout(5_000);
            new Frame(
                            Frame.Kind.HELLO,
                            Hello.VERSION + 1,
                            0,
                            new Hello(ASKS, ANSWERS).frame().body())
                    .writeTo(newer.getOutputStream());
            assertThat(new String(newer.getInputStream().readAllBytes())).contains("an agent of another version");
        }
    }

    @Test
    void aLeaderTellsTheTimeAndAVoterWhoeverStands() throws Exception {
        listen(ANSWERS, this::twice);
        assertThat(ask(link, 1)).isEqualTo(2);
        assertThat(answering.followed).containsExactly(1_000L);
        assertThat(asking.heard).isEmpty();
        link.ask(Frame.Kind.VOTE, proto(1), TermIndexProto.parser()).get(5, TimeUnit.SECONDS);
        assertThat(answering.followed).containsExactly(1_000L);
        assertThat(asking.heard).containsExactly(2_000L);
        assertThat(answering.heard).isEmpty();
        assertThat(asking.followed).isEmpty();
    }

    // ---- the same again

    @Test
    void aBeatThatIsTheSameAsBeforeGoesWithoutItsBodyAndSoDoesItsAnswer() throws Exception {
        List<Frame> heard = new CopyOnWriteArrayList<>();
        listen(ANSWERS, question -> {
            heard.add(question);
            return twice(question);
        });
        TermIndexProto first = proto(1);
        TermIndexProto second = proto(2);
        TermIndexProto answer = beat(first);
        assertThat(answer.getIndex()).isEqualTo(2);
        assertThat(beat(first)).isSameAs(answer);
        assertThat(beat(second).getIndex()).isEqualTo(4);
        assertThat(beat(first)).isNotSameAs(answer).isEqualTo(answer);
        assertThat(heard).extracting(Frame::kind).containsOnly(Frame.Kind.BEAT);
        assertThat(heard.get(1).body()).isSameAs(heard.get(0).body());
        assertThat(heard.get(2).body()).isNotSameAs(heard.get(1).body());
        assertThat(heard.get(3).body())
                .isNotSameAs(heard.get(0).body())
                .isEqualTo(heard.get(0).body());
        assertThat(answering.followed).containsExactly(1_000L, 1_000L, 1_000L, 1_000L);
    }

    /** Its follower has lost, found or committed something since. */
    @Test
    void theSameBeatIsAnsweredAnewWhereTheAnswerChanges() throws Exception {
        AtomicInteger answer = new AtomicInteger(7);
        listen(ANSWERS, question -> CompletableFuture.completedFuture(proto(answer.get())));
        TermIndexProto beat = proto(1);
        assertThat(beat(beat).getIndex()).isEqualTo(7);
        assertThat(beat(beat).getIndex()).isEqualTo(7);
        answer.set(8);
        assertThat(beat(beat).getIndex()).isEqualTo(8);
        assertThat(beat(beat).getIndex()).isEqualTo(8);
        assertThat(ask(link, 1)).isEqualTo(8);
        assertThat(beat(beat).getIndex()).isEqualTo(8);
    }

    @Test
    void aRefusedBeatIsRefusedAgain() throws Exception {
        AtomicInteger refusals = new AtomicInteger(2);
        listen(ANSWERS, question -> {
            if (refusals.getAndDecrement() > 0) {
                throw new IOException("not today");
            }
            return twice(question);
        });
        TermIndexProto beat = proto(3);
        assertThatThrownBy(() -> beat(beat)).hasMessageContaining("not today");
        assertThatThrownBy(() -> beat(beat)).hasMessageContaining("not today");
        assertThat(beat(beat).getIndex()).isEqualTo(6);
    }

    @Test
    void anotherConnectionKnowsNothingOfWhatWasSaidBefore() throws Exception {
        PeerPort first = listen(ANSWERS, this::twice);
        TermIndexProto beat = proto(3);
        assertThat(beat(beat).getIndex()).isEqualTo(6);
        first.close();
        listen(ANSWERS, this::twice);
        await().atMost(Duration.ofSeconds(5))
                .ignoreExceptions()
                .until(() -> beat(beat).getIndex() == 6);
    }

    @Test
    void whoBeatsAgainWithoutHavingBeatenIsCutOff() throws Exception {
        listen(ANSWERS, this::twice);
        Address at = addresses.get(ANSWERS);
        try (Socket stranger = new Socket(at.host(), at.port())) {
            stranger.setSoTimeout(5_000);
            new Hello(ASKS, ANSWERS).frame().writeTo(stranger.getOutputStream());
            Frame.without(Frame.Kind.AGAIN, 1, 0).writeTo(stranger.getOutputStream());
            assertThat(stranger.getInputStream().readAllBytes()).isEmpty();
        }
        assertThat(ask(link, 1)).isEqualTo(2);
    }

    // ---- both sides

    private record Told(long tell, List<Long> followed, List<Long> heard) implements PeerClock {
        Told(long tell) {
            this(tell, new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
        }

        @Override
        public void followed(long millis) {
            followed.add(millis);
        }

        @Override
        public void heard(long millis) {
            heard.add(millis);
        }
    }

    private PeerLink link(String from, String to) {
        return new PeerLink(
                new Hello(from, to), peer -> Optional.ofNullable(addresses.get(peer)), Sockets.plain(), asking);
    }

    private PeerPort listen(String peer, PeerPort.Questions questions) throws IOException {
        PeerPort port = closing(new PeerPort(peer, questions, Sockets.plain(), answering));
        port.open(new InetSocketAddress("127.0.0.1", 0));
        addresses.put(peer, new Address("127.0.0.1", port.address().getPort()));
        return port;
    }

    private <C extends AutoCloseable> C closing(C each) {
        open.add(each);
        return each;
    }

    private CompletableFuture<MessageLite> later() {
        CompletableFuture<MessageLite> answer = new CompletableFuture<>();
        unanswered.add(answer);
        return answer;
    }

    private CompletableFuture<TermIndexProto> twice(Frame question) throws IOException {
        return CompletableFuture.completedFuture(proto(2 * index(question)));
    }

    private static long index(Frame question) throws IOException {
        return TermIndexProto.parseFrom(question.body()).getIndex();
    }

    private static TermIndexProto proto(long index) {
        return TermIndexProto.newBuilder().setIndex(index).build();
    }

    private static CompletableFuture<TermIndexProto> asked(PeerLink link, long index) {
        return link.ask(Frame.Kind.APPEND, proto(index), TermIndexProto.parser());
    }

    private TermIndexProto beat(TermIndexProto message) throws Exception {
        return link.ask(Frame.Kind.BEAT, message, TermIndexProto.parser()).get(5, TimeUnit.SECONDS);
    }

    private static long ask(PeerLink link, long index) throws Exception {
        return asked(link, index).get(5, TimeUnit.SECONDS).getIndex();
    }
}
