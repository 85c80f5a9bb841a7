package dev.selvage.network.internal.store;

import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** Where a transaction was first committed, and with which code. */
public record TransactionPlace(long block, int index, TxValidationCode code) {}
