/** The off-chain-compute contract: tasks, their sub-tasks and results as facts on the ledger. */
package dev.selvage.chaincode;
