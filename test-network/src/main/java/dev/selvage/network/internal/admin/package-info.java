/** What an embedded ledger is told and asked beyond Fabric's protocols: chaincode definitions and its state. */
package dev.selvage.network.internal.admin;
