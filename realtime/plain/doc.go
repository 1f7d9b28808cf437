// Package plain serves bare JSON messages over WebSockets to those who want no
// protocol: objects with a "type", one at a time. docs/plain-protocol.md is the whole
// of what a client needs to know.
//
//	handler, err := plain.New(plain.Config{Principal: principalFrom})
//	err = handler.Handle("echo", func(ctx context.Context, c *plain.Conn, message json.RawMessage) error {
//		return c.Send(ctx, message)
//	})
//	handler.Broadcast(ctx, event)
//	handler.Disconnect(ctx, realtime.BySession(id), realtime.CloseRevoked)
//
// It stands behind a guard, as a hub of package realtime does, and treats clients
// alike: who is let in, for how long, by which limits, and what ends them. It keeps no
// history, and messages are lost when a connection is. Principals, closes, selectors
// and the errors of checks are those of package realtime.
package plain
