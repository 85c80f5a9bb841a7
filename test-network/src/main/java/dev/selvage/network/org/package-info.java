/**
 * Organisations of a channel as Fabric knows them: certificate authorities, identities in cryptogen's folders, membership and
 * signature checks, signature policies, the channel's config block and chaincode definitions.
 */
package dev.selvage.network.org;
