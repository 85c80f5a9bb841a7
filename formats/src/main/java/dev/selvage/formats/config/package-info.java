/** The configuration files of this machine: a node's ({@code node.yaml}) and a user's profile. */
package dev.selvage.formats.config;
