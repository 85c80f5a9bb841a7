/** Checks of the ways between a profile, its ledger and nodes, and other organisations: {@code selvage doctor} (docs/doctor.md). */
package dev.selvage.cli.internal.doctor;
