/** A small asset chaincode of the usual kind, for the ledger's contract test. It runs in its own process and knows nothing of Selvage. */
package dev.selvage.network.assets;
