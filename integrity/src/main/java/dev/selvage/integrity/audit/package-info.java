/**
 * Proofs between two parties that data is intact (requirements B4 to B7) in three modes: as published, by opened blocks, and by masked
 * homomorphic tags. Set-up, proof and verification are pure functions over a {@link dev.selvage.integrity.audit.BlockSource}; who may challenge whom, and when, is
 * the metadata contract's affair.
 */
package dev.selvage.integrity.audit;
