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
//	hub.Disconnect(ctx, realtime.BySession(id), realtime.CloseRevoked)
//
// The Go types of calls and events are a contract: [RPC], [WithEvent] and [Message]
// declare them, the hub refuses what is off it, and package gen writes it down as
// AsyncAPI and TypeScript.
//
// [Plain] serves bare JSON messages to those who want no protocol at all.
//
// # The life of a connection
//
//  1. The request arrives with a principal, or is answered with 401. Its Origin
//     must be the one that the guard accepted.
//  2. The upgrade is finished in a goroutine of its own; the HTTP server's is
//     free as soon as the 101 is out.
//  3. Pending: the connection is registered by user, session and token, so that
//     whoever revokes it finds it. It receives nothing.
//  4. Recheck is asked once more, for what was revoked in between.
//  5. Active: the Connect hook greets, handlers answer, broadcasts arrive. On a
//     hub this is when the client's connect was answered.
//  6. Closing: no message is carried out any more. Expiry and revocation drop
//     what waits for the peer and are through within a second, even when the
//     peer has stopped reading; a shutdown lets the queue out first.
//  7. Closed: out of every registry, then the Disconnect hook.
//
// # Who may, and for how long
//
// Rules of a channel say who may subscribe, publish and read. Whenever a principal
// changes, by a refresh or [Hub.Rejudge], Recheck and the rules are asked again,
// those of the server's own subscriptions included ([AllowStay]). [Hub.Disconnect]
// ends connections by user, session, token or the user's epoch, and wins over a
// token that is being verified at that moment. Expiry has no grace.
//
// # Guarantees and limits
//
// One frame of a connection is in flight at any time; further messages wait in
// order in an outbox bounded by bytes. A peer that reads too slowly is told so
// with close code 3008; a message is never dropped in silence. A panic in a
// handler ends its own connection with 3004 and no other.
//
// All subscribers of a channel see its publications in one order. What one client
// publishes is handed out, to whatever channels, in its order and before it is
// answered; what the server publishes with [Hub.Publish] is in order within each
// channel, and on its way when that returns.
//
// A plain handler keeps no history: messages are lost when the connection is. On
// a hub, a channel with Recover gives each publication an offset within an epoch;
// who comes back gets what it has missed, once and in order, or is told that it
// could not be recovered. Who misses one on a live connection is told as well, with
// 2500 on the subscription or 3010 on the connection, also when nothing follows:
// the engine's position is compared every PositionInterval. [Hub.Account] adds up
// what became of every publication.
//
// Every bound is a field of [Config] or [ChannelOptions] and is counted when it
// refuses something ([Hub.Limits]). [observe.Observer] hears of what happens, packages prom
// and otelrt pass it on; [Hub.Snapshot] and [Hub.ChannelStates] tell how things
// stand here, [Hub.ClusterInfo] how they stand on every node, in the types of package
// cluster. Package realtimetest lets an application test its rules and calls on a
// fake clock.
//
// Delta compression, tag filters and map subscriptions of the protocol are not
// offered; what would change a subscription is refused.
package realtime
