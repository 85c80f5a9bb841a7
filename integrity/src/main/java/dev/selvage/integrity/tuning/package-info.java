/**
 * How files are hashed on this machine, by measurement and not by constants (requirements B2, B3): the machine, what was measured on it, what follows
 * for a file, and the run that records it. {@link dev.selvage.integrity.tuning.Hashing} is where to begin.
 */
package dev.selvage.integrity.tuning;
