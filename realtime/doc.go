// Package realtime runs what flows over an authenticated WebSocket, on melody
// sessions. It knows neither Echo nor tokens: a guard in front of the route
// decides who enters and leaves a principal in the request's context.
//
// [Hub] serves channels with history, recovery, presence and calls to the
// official clients of the Centrifugo protocol, in JSON and protobuf:
//
//	hub, err := realtime.New(realtime.Config{Principal: principalFrom, Engine: memory.New()})
//	err = hub.Channel("room:{id}", realtime.ChannelOptions{History: 100, HistoryTTL: time.Hour, Recover: true, Presence: true},
//		realtime.AllowSubscribe(isMember))
//	err = realtime.RPC(hub, "message.send", send)
//	hub.Publish(ctx, "room:42", event)
//	hub.Send(ctx, realtime.ByUser(id), message) // outside of any channel
//	hub.Disconnect(ctx, realtime.BySession(id), realtime.CloseRevoked)
//
// A [Selector] says whom a call is about. Engines are packages memory and nats; for
// one of your own see package engine.
//
// The Go types of calls and events are a contract: [RPC], [WithEvent] and [Message]
// declare them, the hub refuses what is off it, and package gen writes it down as
// AsyncAPI and TypeScript.
//
// Package plain serves bare JSON messages to those who want no protocol at all.
//
// # The life of a connection
//
//  1. The request arrives with a principal, or is answered with 401. Its Origin
//     must be the one that the guard accepted.
//  2. Arriving: the connection is counted against the limits and upgraded. The
//     upgrade is finished in a goroutine of its own, so the HTTP server's is free
//     as soon as the 101 is out.
//  3. Pending: whoever signs a user out finds the user's connections. Nothing is
//     received yet.
//  4. Verifying: a token in the first message is being verified. A sign-out of its
//     user meanwhile ends the connection.
//  5. Active: the client's connect was answered. Recheck was asked once more before,
//     for what was revoked in between, and the Connect hook has greeted. Handlers
//     answer, broadcasts arrive.
//  6. Closing: no command is carried out any more. Expiry and revocation drop what
//     waits for the peer and are through within a second, even when the peer has
//     stopped reading. A shutdown lets the queue out first.
//  7. Gone: no limit counts it, no channel has it, nobody finds it, whatever its
//     handlers still do. The Disconnect hook follows when they are done.
//
// Every connection of a hub stands in one set with one lock, and moves by one table
// (internal/conns/state.go). Limits are taken and given back by its transitions.
//
// # Who may, and for how long
//
// Rules of a channel say who may subscribe, publish and read. Whenever a principal
// changes, by a refresh or [Hub.Rejudge], Recheck and the rules are asked again,
// those of the server's own subscriptions included ([AllowStay]). What others may
// know of a connection changes with it by Config.Refresh. [Hub.Disconnect]
// ends connections by user, session, token or the user's epoch, and wins over a
// token that is being verified at that moment. Expiry has no grace.
//
// A user who opens one connection more than Limits.ConnectionsPerUser keeps the newest:
// the oldest of the same session ends with 3504, or the oldest of all.
//
// # Guarantees and limits
//
// A panic in a handler, a hook, a timer or an observer ends its own connection with
// 3004 and no other.
//
// A client that sends faster than its handlers work is not read for a while. One
// that reads too slowly is told so with close code 3008 when QueueBytes of pushes
// wait. Answers wait until the peer reads, however long they are. A message is never
// dropped in silence.
//
// All subscribers of a channel see its publications in one order. A publish is
// answered when it is stored and on its way to the subscribers; nobody waits for
// sockets. What one client publishes, to whatever channels, reaches a subscriber of
// them in its order, and its answers come in the order of its commands.
//
// What is published, sent or answered must be JSON: anything else is refused to
// whoever says it ([ErrNotJSON]). A channel with Binary carries any bytes, for
// clients that speak protobuf.
//
// A plain handler keeps no history: messages are lost when the connection is. On a
// hub, a channel with Recover gives each publication an offset within an epoch. A
// client that comes back gets what it has missed, once and in order, up to 1 MiB, or
// is told that it could not be recovered. A subscriber that misses a publication
// while connected gets unsubscribe 2500, or close 3010 where the server subscribed
// it, also when nothing follows: the engine's position is compared every
// PositionInterval. [Hub.Account] adds up what became of every publication.
//
// Every bound is a field of [Limits] or [ChannelOptions] and is counted when it
// refuses something ([Hub.Refusals]). Observers hear of what happens ([Config], package
// observe), packages prom and otelrt pass it on. [Hub.Snapshot] and
// [Hub.ChannelStates] tell how things stand here, [Hub.ClusterInfo] on every node.
// Package realtimetest lets an application test its rules and calls on a fake clock.
//
// Delta compression, tag filters, map and shared-poll subscriptions of the protocol
// are not offered: what asks for them is refused.
package realtime
