/** {@code selvage}, the one command for users, daemons and their machines. The root holds only the entry point. */
package dev.selvage.cli;
