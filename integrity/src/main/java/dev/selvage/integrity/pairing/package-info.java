/** The pairing of BLS12-381 behind one seam: blst where its native library loads, Bouncy Castle elsewhere; both give the same bytes. */
package dev.selvage.integrity.pairing;
