/** The commands and what they share: options, answers, exit status, the user's client of the contract. */
package dev.selvage.cli.internal;
