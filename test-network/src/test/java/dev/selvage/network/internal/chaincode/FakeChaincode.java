package dev.selvage.network.internal.chaincode;

import com.google.protobuf.ByteString;
import dev.selvage.network.org.HostPort;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeGrpc;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.ChaincodeSpec;
import org.hyperledger.fabric.protos.peer.GetState;
import org.hyperledger.fabric.protos.peer.PutState;
import org.hyperledger.fabric.protos.peer.Response;

/** A chaincode server that does what a test tells it, over the real stream and in the test's own process. */
public final class FakeChaincode extends ChaincodeGrpc.ChaincodeImplBase implements AutoCloseable {
    private final String name;
    private final Script script;
    private final Server server;
    private final HostPort address;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CompletableFuture<ByteString> ready = new CompletableFuture<>();
    private final List<StreamObserver<ChaincodeMessage>> streams = new CopyOnWriteArrayList<>();

    /** What it does with a transaction. */
    @FunctionalInterface
    public interface Script {
        Response run(Call call) throws Exception;
    }

    public FakeChaincode(String name, Script script) {
        this(name, 0, script);
    }

    public FakeChaincode(String name, int port, Script script) {
        this(name, port, Optional.empty(), script);
    }

    /** With mutual TLS. */
    public FakeChaincode(String name, SslContext tls, Script script) {
        this(name, 0, Optional.of(tls), script);
    }

    private FakeChaincode(String name, int port, Optional<SslContext> tls, Script script) {
        this.name = name;
        this.script = script;
        try {
            NettyServerBuilder builder = NettyServerBuilder.forAddress(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .addService(this);
            tls.ifPresent(builder::sslContext);
            this.server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.address = new HostPort("127.0.0.1", server.getPort());
    }

    public HostPort address() {
        return address;
    }

    /** What the ledger says of itself when it is ready. */
    CompletableFuture<ByteString> ready() {
        return ready;
    }

    public static Response success(String payload) {
        return Response.newBuilder()
                .setStatus(200)
                .setPayload(ByteString.copyFromUtf8(payload))
                .build();
    }

    public static Response failure(String message) {
        return Response.newBuilder().setStatus(500).setMessage(message).build();
    }

    /** Ends the streams, as a process does that dies. */
    public void disconnect() {
        streams.forEach(StreamObserver::onCompleted);
        streams.clear();
    }

    @Override
    public StreamObserver<ChaincodeMessage> connect(StreamObserver<ChaincodeMessage> out) {
        streams.add(out);
        Map<String, Call> calls = new ConcurrentHashMap<>();
        out.onNext(ChaincodeMessage.newBuilder()
                .setType(ChaincodeMessage.Type.REGISTER)
                .setPayload(ChaincodeID.newBuilder().setName(name).build().toByteString())
                .build());
        return new StreamObserver<>() {
            @Override
            public void onNext(ChaincodeMessage message) {
                switch (message.getType()) {
                    case TRANSACTION -> {
                        Call call = new Call(message, out);
                        calls.put(message.getTxid(), call);
                        threads.execute(() -> call.run(script));
                    }
                    case READY -> ready.complete(message.getPayload());
                    case RESPONSE, ERROR -> calls.get(message.getTxid()).answers.add(message);
                    default -> {}
                }
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {
                out.onCompleted();
            }
        };
    }

    @Override
    public void close() {
        server.shutdownNow();
        threads.shutdownNow();
    }

    /** One transaction, seen from the chaincode. */
    public static final class Call {
        private final ChaincodeMessage begin;
        private final StreamObserver<ChaincodeMessage> out;
        private final BlockingQueue<ChaincodeMessage> answers = new ArrayBlockingQueue<>(10);
        private ChaincodeEvent event;

        Call(ChaincodeMessage begin, StreamObserver<ChaincodeMessage> out) {
            this.begin = begin;
            this.out = out;
        }

        public String txId() {
            return begin.getTxid();
        }

        public List<String> arguments() {
            try {
                return ChaincodeInput.parseFrom(begin.getPayload()).getArgsList().stream()
                        .map(ByteString::toStringUtf8)
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public String get(String key) throws InterruptedException {
            return ask(
                            ChaincodeMessage.Type.GET_STATE,
                            GetState.newBuilder().setKey(key).build().toByteString())
                    .getPayload()
                    .toStringUtf8();
        }

        public void put(String key, String value) throws InterruptedException {
            ask(
                    ChaincodeMessage.Type.PUT_STATE,
                    PutState.newBuilder()
                            .setKey(key)
                            .setValue(ByteString.copyFromUtf8(value))
                            .build()
                            .toByteString());
        }

        /** Calls another chaincode; the answer is what the ledger sends back. */
        public ChaincodeMessage invoke(String chaincode, String... arguments) throws InterruptedException {
            ChaincodeInput.Builder input = ChaincodeInput.newBuilder();
            for (String argument : arguments) {
                input.addArgs(ByteString.copyFromUtf8(argument));
            }
            return ask(
                    ChaincodeMessage.Type.INVOKE_CHAINCODE,
                    ChaincodeSpec.newBuilder()
                            .setChaincodeId(ChaincodeID.newBuilder().setName(chaincode))
                            .setInput(input)
                            .build()
                            .toByteString());
        }

        /** An event that claims to be another chaincode's. */
        public void event(String eventName) {
            event = ChaincodeEvent.newBuilder()
                    .setEventName(eventName)
                    .setChaincodeId("somebody-else")
                    .setTxId("another")
                    .build();
        }

        public ChaincodeMessage ask(ChaincodeMessage.Type type, ByteString payload) throws InterruptedException {
            send(type, payload);
            ChaincodeMessage answer = answers.poll(20, TimeUnit.SECONDS);
            if (answer == null) {
                throw new IllegalStateException("the ledger does not answer " + type);
            }
            return answer;
        }

        void run(Script script) {
            try {
                Response response = script.run(this);
                send(ChaincodeMessage.Type.COMPLETED, response.toByteString());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (Exception failed) {
                send(ChaincodeMessage.Type.ERROR, ByteString.copyFromUtf8(String.valueOf(failed.getMessage())));
            }
        }

        private void send(ChaincodeMessage.Type type, ByteString payload) {
            ChaincodeMessage.Builder message = ChaincodeMessage.newBuilder()
                    .setType(type)
                    .setTxid(begin.getTxid())
                    .setChannelId(begin.getChannelId())
                    .setPayload(payload);
            if (event != null) {
                message.setChaincodeEvent(event);
            }
            synchronized (out) {
                out.onNext(message.build());
            }
        }
    }
}
