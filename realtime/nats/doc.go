// Package nats is the engine for more than one node, on NATS JetStream: channels
// with their histories, presence, what nodes tell each other, one-time tickets
// and sign-outs live there, and any node may die.
//
//	engine, err := nats.Open(ctx, nats.Options{URL: "tls://nats.example.com", Creds: "node.creds", Secret: secret, Replicas: 3})
//	hub, err := realtime.New(realtime.Config{Engine: engine.Engine, …})
//	tickets := middleware.Ticket(engine.Tickets)
//	…
//	hub.Shutdown(ctx)
//	engine.Close()
//
// For one node that keeps its histories over a restart, or a cluster without
// servers of its own, [Embedded] starts a server in the process:
//
//	server, err := nats.Embedded(nats.ServerOptions{Dir: "data/engine", SyncAlways: true})
//	engine, err := nats.Open(ctx, nats.Options{Server: server})
//
// # How a publication travels
//
// A channel with a history is one subject of one stream. A publication carries
// its offset and is stored on the condition that the latest message of its
// subject is the one that the publisher knows; who loses that race numbers it
// again. So offsets have no gap, whichever nodes publish, and a publisher has its
// acknowledgement when the publication is stored. The server then sends it out
// to the nodes that have subscribers of that channel, and to no others. What is
// lost on that way is seen by the offsets and read from the stream.
//
// A channel without a history is sent as it is, in the order of each publisher,
// at most once.
//
// An epoch begins when a channel's history is removed, and when it has nothing in
// the stream: before its first publication, Options.Remember after its history has aged out, when the stream
// was made anew, and when it has lost something that it had acknowledged, which
// nodes see by a sequence number that went back or an offset that came twice.
//
// # What fails, and what happens then
//
//	engine away             publishing fails, nothing is acknowledged that is not stored; subscribers
//	                        stay and get what they missed when it is back; no ticket is given or taken
//	                        (503); sign-outs are carried out here and stored when it is back
//	for 5 s                 the hub refuses new connections (503, not ready)
//	for 30 s                the hub ends its connections with 3011, so that they come back elsewhere
//	node back               its subscribers catch up from the stream, all sign-outs are told again,
//	                        every connection is asked for once more
//	node dead               its presence is gone as soon as its connection to the server is; it is
//	                        listed for five heartbeats more
//	node silent             presence of channels fails until it answers or is no longer listed
//	server dead             with three replicas another leads after some seconds; publications
//	                        meanwhile fail and may be tried again with the same key
//	disk or stream full     publishing to channels with a history fails; nothing is forgotten to make
//	                        room
//	stream behind a node    the channel begins a new epoch and subscribers are told to recover, which
//	                        says that they can't
//	a forged or malformed   ignored, counted in [Stats], logged without its contents
//	message
//
// Both bounds are realtime.Config.CutOff.
//
// # Limits
//
// Publications to one channel are stored one after the other: a round trip each
// from one node, more where several publish to it at once. Presence asks every
// node; counting more than 1,000 users of several nodes may be a second old. A
// history is read from its beginning up to what was asked, so one costs up to
// Options.MaxHistory messages at the server; a node keeps no more of it than the
// answer, and the latest 256 messages of channels with subscribers.
//
// Idempotency keys are kept by the server for five minutes, whatever their number,
// and counted by each node against Options.MaxKeyBytes. A server that starts again
// knows the keys of publications that are still kept. The position of an earlier
// publication that is no longer kept is known to the node that has published it;
// another one returns none.
//
// Removing a history writes one message that takes the place of all earlier ones of
// the channel (Nats-Rollup), which needs no further right. A stream that an earlier
// release has made allows it as soon as a node of this one has started. Clocks of nodes may differ by a few seconds; a control message that is
// older than a minute by the clock of who hears it is ignored. What JetStream
// acknowledges is as safe as its disks: see ServerOptions.SyncAlways, and
// sync_interval of servers elsewhere.
package nats
