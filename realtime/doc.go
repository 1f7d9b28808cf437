// Package realtime runs what flows over an authenticated WebSocket, on melody
// sessions. It knows neither Echo nor tokens: a guard in front of the route
// decides who enters and leaves a principal in the request's context.
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
//  5. Active: the Connect hook greets, handlers answer, broadcasts arrive.
//  6. Closing: no message is carried out any more. Expiry and revocation drop
//     what waits for the peer and are through within a second, even when the
//     peer has stopped reading; a shutdown lets the queue out first.
//  7. Closed: out of every registry, then the Disconnect hook.
//
// # Guarantees and limits
//
// One frame of a connection is in flight at any time; further messages wait in
// order in an outbox bounded by bytes. A peer that reads too slowly is told so
// with close code 3008; a message is never dropped in silence. A panic in a
// handler ends its own connection with 3004 and no other. Messages are lost when
// the connection is lost: this handler keeps no history.
package realtime
