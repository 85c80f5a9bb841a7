/** The quickstart: the example nyc-delays on the local network, from the first process to the checked result. */
package dev.selvage.cli.internal.quickstart;
