package dev.selvage.agent.peer;

import com.google.protobuf.ByteString;
import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.content.Salt;
import dev.selvage.agent.content.Stored;
import dev.selvage.agent.peer.RequestCheck.Checked;
import dev.selvage.agent.peer.v1.Chunk;
import dev.selvage.agent.peer.v1.FetchRequest;
import dev.selvage.agent.peer.v1.Head;
import dev.selvage.agent.peer.v1.PeerGrpc;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives content to those entitled to it. */
public final class PeerService extends PeerGrpc.PeerImplBase {
    /** How far the asker's timestamp may be off. */
    public static final Duration WINDOW = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(PeerService.class);
    private static final int DATA = 64 * 1024;

    private final RequestCheck requests;
    private final Entitlements entitlements;
    private final ContentStore store;
    private final Semaphore streams;
    private final AtomicLong served = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /**
     * @param self as which this node is asked
     * @param streams fetches served at a time; further ones are refused with TOO_MANY_REQUESTS
     */
    public PeerService(
            NodeId self, MemberCheck members, Entitlements entitlements, ContentStore store, int streams, Clock clock) {
        this.requests = new RequestCheck(self, members, WINDOW, clock);
        this.entitlements = entitlements;
        this.store = store;
        this.streams = new Semaphore(streams);
    }

    /** Fetches answered since the start. */
    public long served() {
        return served.get();
    }

    /** Fetches refused since the start. */
    public long refused() {
        return refused.get();
    }

    @Override
    public void fetch(FetchRequest request, StreamObserver<Chunk> responses) {
        if (!streams.tryAcquire()) {
            refuse(
                    responses,
                    new SelvageException(
                            ErrorCode.TOO_MANY_REQUESTS, "This node serves as many fetches as it may: repeat later."));
            return;
        }
        Sending sending = null;
        try {
            Checked checked = requests.check(request);
            entitlements
                    .entitled(checked.asker(), checked.digest(), checked.purpose())
                    .require();
            Stored stored = store.find(checked.digest())
                    .orElseThrow(() -> new SelvageException(
                            ErrorCode.CONTENT_UNKNOWN,
                            "This node does not have " + checked.digest().shortForm() + "...."));
            sending = new Sending(checked, stored, (ServerCallStreamObserver<Chunk>) responses);
        } catch (SelvageException e) {
            refuse(responses, e);
        } finally {
            if (sending == null) {
                streams.release();
            }
        }
        if (sending != null) {
            sending.begin();
        }
    }

    private void refuse(StreamObserver<Chunk> responses, SelvageException fault) {
        refused.incrementAndGet();
        LOG.info("a fetch was refused: {}", fault.getMessage());
        responses.onError(PeerStatus.of(fault));
    }

    /** One stream: sends as fast as the asker takes. The handlers of a call run one after the other. */
    private final class Sending {
        private final Checked checked;
        private final Stored stored;
        private final ServerCallStreamObserver<Chunk> responses;
        private final InputStream bytes;
        private final byte[] buffer = new byte[DATA];
        private long offset;
        private boolean headSent;
        private boolean over;

        Sending(Checked checked, Stored stored, ServerCallStreamObserver<Chunk> responses) {
            if (checked.offset() > stored.size()) {
                throw new SelvageException(
                        ErrorCode.REQUEST_INVALID,
                        "The content has " + stored.size() + " bytes; nothing begins at " + checked.offset() + ".");
            }
            this.checked = checked;
            this.stored = stored;
            this.responses = responses;
            this.offset = checked.offset();
            this.bytes = store.open(checked.digest(), checked.offset());
        }

        void begin() {
            responses.setOnCancelHandler(this::finish);
            responses.setOnReadyHandler(this::send);
        }

        private void send() {
            try {
                while (!over && responses.isReady()) {
                    if (!headSent) {
                        responses.onNext(head());
                        headSent = true;
                    } else if (offset == stored.size()) {
                        served.incrementAndGet();
                        finish();
                        responses.onCompleted();
                    } else {
                        sendData();
                    }
                }
            } catch (IOException e) {
                LOG.warn("reading {} failed", checked.digest(), e);
                finish();
                responses.onError(PeerStatus.of(new SelvageException(
                        ErrorCode.CONTENT_UNKNOWN, "This node cannot read its copy of the content.", e)));
            }
        }

        private void sendData() throws IOException {
            int n = bytes.readNBytes(buffer, 0, (int) Math.min(DATA, stored.size() - offset));
            if (n <= 0) {
                throw new IOException("the file is shorter than recorded");
            }
            offset += n;
            responses.onNext(Chunk.newBuilder()
                    .setData(ByteString.copyFrom(buffer, 0, n))
                    .build());
        }

        private Chunk head() {
            var head = Head.newBuilder().setSize(stored.size()).setOffset(offset);
            stored.salt().map(Salt::bytes).map(ByteString::copyFrom).ifPresent(head::setSalt);
            return Chunk.newBuilder().setHead(head).build();
        }

        private void finish() {
            if (over) {
                return;
            }
            over = true;
            streams.release();
            try {
                bytes.close();
            } catch (IOException e) {
                LOG.warn("closing {} failed", checked.digest(), e);
            }
        }
    }
}
