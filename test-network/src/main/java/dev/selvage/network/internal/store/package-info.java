/** The durable side of the embedded ledger: the block file, and the state, history and indexes derived from it. */
package dev.selvage.network.internal.store;
