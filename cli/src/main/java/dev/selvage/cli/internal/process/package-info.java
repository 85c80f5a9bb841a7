/** The processes that the commands start on this machine: starting, remembering, finding again and stopping them. */
package dev.selvage.cli.internal.process;
