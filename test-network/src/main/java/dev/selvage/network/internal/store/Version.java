package dev.selvage.network.internal.store;

/**
 * Which transaction last wrote a key.
 *
 * @param block number of the block
 * @param transaction index within the block
 */
public record Version(long block, long transaction) {}
