package dev.selvage.network.internal.wire;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** At most so many calls of one service at a time, waiting ones included; more are refused as a peer refuses them. */
final class ConcurrencyLimit implements ServerInterceptor {
    private final Map<String, Integer> limits;
    private final Map<String, Semaphore> slots = new ConcurrentHashMap<>();

    /** @param limits by full service name; services not named are not limited */
    ConcurrencyLimit(Map<String, Integer> limits) {
        this.limits = Map.copyOf(limits);
        limits.forEach((service, limit) -> slots.put(service, new Semaphore(limit)));
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String service = call.getMethodDescriptor().getServiceName();
        Semaphore slot = slots.get(service);
        if (slot == null) {
            return next.startCall(call, headers);
        }
        if (!slot.tryAcquire()) {
            call.close(
                    Status.UNKNOWN.withDescription("too many requests for /" + service
                            + ", exceeding concurrency limit (" + limits.get(service) + ")"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        AtomicBoolean released = new AtomicBoolean();
        Runnable release = () -> {
            if (released.compareAndSet(false, true)) {
                slot.release();
            }
        };
        ServerCall.Listener<Q> started;
        try {
            started = next.startCall(call, headers);
        } catch (RuntimeException e) {
            release.run();
            throw e;
        }
        return new SimpleForwardingServerCallListener<>(started) {
            @Override
            public void onCancel() {
                release.run();
                super.onCancel();
            }

            @Override
            public void onComplete() {
                release.run();
                super.onComplete();
            }
        };
    }
}
