package dev.selvage.agent;

import dev.selvage.agent.content.ContentLimits;
import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.peer.PeerService;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What the node holds and gives to others, beside the limits. Read when the metrics are asked for. */
final class StorageMetrics {
    private StorageMetrics() {}

    static void register(MeterRegistry registry, ContentStore store, ContentLimits limits, PeerService service) {
        Gauge.builder("selvage.content.bytes", store, s -> s.usage().bytes())
                .description("bytes of the content store")
                .register(registry);
        Gauge.builder("selvage.content.cache.bytes", store, s -> s.usage().cacheBytes())
                .description("bytes of the content store that nothing holds")
                .register(registry);
        Gauge.builder("selvage.content.items", store, s -> s.usage().items())
                .description("items of the content store")
                .register(registry);
        Gauge.builder("selvage.content.limit.bytes", limits, ContentLimits::total)
                .description("bytes that the content store may take")
                .register(registry);
        Gauge.builder("selvage.content.cache.limit.bytes", limits, ContentLimits::cache)
                .description("bytes that content without a hold may take")
                .register(registry);
        FunctionCounter.builder("selvage.peer.fetches.served", service, PeerService::served)
                .description("contents given to other nodes")
                .register(registry);
        FunctionCounter.builder("selvage.peer.fetches.refused", service, PeerService::refused)
                .description("requests of other nodes that were refused")
                .register(registry);
    }
}
