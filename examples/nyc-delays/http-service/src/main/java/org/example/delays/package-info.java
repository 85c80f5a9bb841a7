/** A service of an airport's own: it summarises delays in files that it is pointed to, as jobs that are asked for over HTTP. */
package org.example.delays;
