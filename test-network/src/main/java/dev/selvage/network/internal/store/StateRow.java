package dev.selvage.network.internal.store;

import com.google.protobuf.ByteString;

/** A key of a namespace with its value and the transaction that wrote it. */
public record StateRow(String key, Version version, ByteString value) {}
