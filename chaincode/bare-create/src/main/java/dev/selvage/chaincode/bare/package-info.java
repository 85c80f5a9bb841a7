/** The plainest chaincode there is: what the contract is measured against. */
package dev.selvage.chaincode.bare;
