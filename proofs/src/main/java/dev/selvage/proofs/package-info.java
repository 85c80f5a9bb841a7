/**
 * What a contract and an agent must compute alike, with integers and the JDK alone: hash trees, proofs over them, and draws from a seed
 * (requirements B1, B5, E6).
 */
package dev.selvage.proofs;
