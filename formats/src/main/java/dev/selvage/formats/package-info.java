/**
 * Reading and writing the files of Selvage: YAML 1.2 with positions, every problem of a file at once.
 *
 * <p>{@link dev.selvage.formats.Yaml} reads a file into nodes that know where they stand; readers take values from them and leave
 * what is wrong in {@link dev.selvage.formats.Problems}, which makes one fault of all.
 */
package dev.selvage.formats;
