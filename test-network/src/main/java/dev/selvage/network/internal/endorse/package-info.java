/** From a signed proposal to a response that organisations' peers have signed. */
package dev.selvage.network.internal.endorse;
