/** Child processes on this machine: how they are started, which ports they want, what they write. */
package dev.selvage.network.process;
