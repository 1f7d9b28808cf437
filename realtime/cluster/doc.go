// Package cluster has what is said between a hub, the nodes that share its engine
// and those who look at them from outside: how connections, channels and nodes
// stand, who is meant by an order, and what an engine must offer for several hubs
// to be one. It is of types alone; the hub of package realtime uses them.
//
// Start with [Info], what every node answers to an [InfoQuery], and with [Selector]
// for whom to end. An engine implements [Control] and [Revocations].
package cluster
