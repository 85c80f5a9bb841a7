/** The seam between the agent and Hyperledger Fabric: {@link dev.selvage.agent.ledger.Ledger}, and its form over fabric-gateway. */
package dev.selvage.agent.ledger;
