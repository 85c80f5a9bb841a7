/** Hashing of large files at the machine's limit (requirements B1 to B3): salted block hashes by all cores, with the layout that a measurement chose. */
package dev.selvage.integrity.hash;
