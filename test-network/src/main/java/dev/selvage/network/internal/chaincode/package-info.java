/** The ledger's side of the chaincode stream: client of each chaincode's server, answering what its transactions ask. */
package dev.selvage.network.internal.chaincode;
