// Package conns knows who is here: every connection of a handler, from the
// moment its upgrade is admitted until its socket is gone. A hub and a plain
// handler each have one [Set].
//
// One state machine a connection, in state.go, decides. All transitions happen
// under the set's one lock. Limits are taken and given back at transitions, so
// none is checked first and counted later. Whoever looks for connections (a
// sign-out, a shutdown, a verification that ends) asks the same set under the
// same lock, so that one of two that race always sees the other.
package conns
