/** The paper mode over JPBC, for those who have its jars (docs/integrity-manual.md, "JPBC"). */
package dev.selvage.integrity.jpbc;
