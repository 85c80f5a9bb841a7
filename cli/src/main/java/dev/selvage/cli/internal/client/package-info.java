/** The user's client of the contract, over an unchanged Fabric gateway. */
package dev.selvage.cli.internal.client;
