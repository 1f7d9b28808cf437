package app

import (
	"context"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/cluster"
)

// effects are what a change in the store does to what is open, on all kinds of
// sockets. The store comes first, always.
type effects struct{ *App }

// SessionEnded ends what a session has open.
func (e effects) SessionEnded(ctx context.Context, id string) {
	for _, handler := range e.sockets() {
		e.disconnect(ctx, handler, realtime.BySession(id), realtime.CloseRevoked)
	}
	e.dropTickets(ctx, id)
}

// disconnect ends connections, and returns how many there were on this node. What
// other nodes were not told reaches them by the store.
func (e effects) disconnect(ctx context.Context, handler socketHandler, by realtime.Selector, reason realtime.Close) int {
	ended, err := handler.Disconnect(ctx, by, reason)
	if err != nil {
		e.log.Error("other nodes were not told to end connections", "error", err)
	}
	return ended
}

func (e effects) dropTickets(ctx context.Context, id string) {
	if err := e.auth.DropTickets(ctx, id); err != nil {
		e.log.Error("the tickets of an ended session were not dropped; redeeming them is refused all the same", "error", err)
	}
}

// AccountChanged judges again what an account has open.
func (e effects) AccountChanged(ctx context.Context, id string) {
	for _, handler := range e.sockets() {
		handler.Rejudge(ctx, realtime.ByUser(id))
	}
}

// DevicesChanged tells an account's devices that one has come or gone.
func (e effects) DevicesChanged(ctx context.Context, id string) {
	if err := e.chat.SessionsChanged(context.WithoutCancel(ctx), id); err != nil {
		e.log.Error("the devices of an account were not told of another", "error", err)
	}
}

// EndConnection ends one connection of the hub, on whichever node it is, and
// returns whose it was, empty where there is none.
func (e effects) EndConnection(ctx context.Context, client string) string {
	by := realtime.ByClient(client)
	found, err := e.hub.ClusterInfo(ctx, cluster.InfoQuery{By: by, Connections: 1})
	if err != nil {
		e.log.Error("the other nodes were not asked for a connection", "error", err)
	}
	there, _ := found.Connections(1)
	if len(there) == 0 {
		return ""
	}
	e.disconnect(ctx, e.hub, by, realtime.CloseInvalidated)
	return there[0].User
}

// EndConnections ends all connections of a user, who may come back, and returns
// how many there were.
func (e effects) EndConnections(ctx context.Context, userID string) int {
	by := realtime.ByUser(userID)
	found, err := e.hub.ClusterInfo(ctx, cluster.InfoQuery{By: by})
	if err != nil {
		e.log.Error("the other nodes were not asked how many connections somebody has", "error", err)
	}
	e.disconnect(ctx, e.hub, by, realtime.CloseInvalidated)
	return found.Selected() + e.disconnect(ctx, e.demo, by, realtime.CloseInvalidated)
}

// endedElsewhere and changedElsewhere follow what another process has written.
// Every node reads it in the store for itself, so none tells the others.
func (a *App) endedElsewhere(sessionID string) {
	by := realtime.BySession(sessionID)
	if _, err := a.hub.DisconnectHere(by, realtime.CloseRevoked); err != nil {
		a.log.Error("the connections of an ended session go on", "error", err)
	}
	effects{a}.disconnect(context.Background(), a.demo, by, realtime.CloseRevoked)
	effects{a}.dropTickets(context.Background(), sessionID)
}

func (a *App) changedElsewhere(accountID string) {
	a.hub.RejudgeHere(context.Background(), realtime.ByUser(accountID))
	a.demo.Rejudge(context.Background(), realtime.ByUser(accountID))
}
