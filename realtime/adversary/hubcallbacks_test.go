package adversary_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// greeting is what a connect's data asks the Connect hook to do.
type greeting struct {
	How      string   `json:"how"`
	Channels []string `json:"channels"`
}

// connecting is the Connect hook. name is that of the client: the link's tag.
func (w *world) connecting(ctx context.Context, c *hubConn, id, name string, data []byte) (channels []string, err error) {
	w.called("Connect")
	l := w.linkOf(name)
	w.mu.Lock()
	if l != nil {
		l.id = id
	}
	w.byID[id] = l
	w.mu.Unlock()
	var g greeting
	_ = json.Unmarshal(data, &g)
	if err = w.act(ctx, l, "Connect", g.How, func(n int) { w.back(ctx, c, n) }); err == nil {
		w.welcoming(id, true)
	}
	return g.Channels, err
}

// refreshed is the Refresh hook.
func (w *world) refreshed(ctx context.Context, c *hubConn, id string) ([]byte, error) {
	w.called("Refresh")
	w.mu.Lock()
	how := w.opinions["refresh"]
	delete(w.opinions, "refresh")
	w.mu.Unlock()
	err := w.act(ctx, w.clientLink(id), "Refresh", how, func(n int) { w.back(ctx, c, n) })
	return []byte(`{"info":2}`), err
}

// disconnected is the Disconnect hook.
func (w *world) disconnected(c *hubConn, id string, code int) {
	w.called("Disconnect")
	w.leaving(id)
	if found := w.hub.ofClient(id); len(found) > 0 {
		w.broken("hooks", "%s is still found while Disconnect is told of its end with %d", id, code)
	}
	w.mu.Lock()
	how := w.opinions["disconnect"]
	delete(w.opinions, "disconnect")
	w.mu.Unlock()
	_ = w.act(c.Context(), w.clientLink(id), "Disconnect", how, func(n int) { w.back(context.Background(), c, n) })
}

func (w *world) clientLink(id string) *link {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.byID[id]
}

// handle is what the handlers of calls and messages do.
func (w *world) handle(ctx context.Context, c *hubConn, where, id string, data []byte) error {
	w.called(where)
	return w.act(ctx, w.clientLink(id), where, strings.Trim(string(data), `"`), func(n int) { w.back(ctx, c, n) })
}

// rule is what the rules of channels say.
func (w *world) rule(ctx context.Context, c *hubConn, how string) error {
	w.called("a rule")
	return w.act(ctx, w.clientLink(c.ID()), "a rule", how, func(n int) {
		if n%12 != 8 { // a rule that has the rules asked has no end
			w.back(ctx, c, n)
		}
	})
}

// stay says who may be in channels that users can lose.
func (w *world) stay(_ context.Context, c *hubConn, channel string) error {
	w.called("a rule")
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.opinions[channel+" "+c.Principal().UserID] != "" {
		return errApplication
	}
	return nil
}

// ticket reads a subscription token.
func (w *world) ticket(ctx context.Context, token string) (channel, user string, until time.Time, err error) {
	w.called("RequireToken")
	var c credential
	if json.Unmarshal([]byte(token), &c) != nil {
		return "", "", until, errApplication
	}
	if err := w.act(ctx, w.linkOf(c.Link), "RequireToken", c.How, nil); err != nil {
		return "", "", until, err
	}
	if c.Verdict == "expired" {
		return "", "", until, fmt.Errorf("ticket: %w", errTokenExpired)
	}
	if c.Verdict != "good" {
		return "", "", until, errors.New("no")
	}
	if c.Life > 0 {
		until = now().Add(time.Duration(c.Life) * time.Millisecond)
	}
	return c.Session, c.User, until, nil
}

// back calls the hub from within a callback.
func (w *world) back(ctx context.Context, c *hubConn, n int) {
	me := choice{kind: "client", id: c.ID()}
	switch n % 12 {
	case 0:
		w.push(ctx, fmt.Sprint("hist:", n%3), pushOptions{client: c.ID()})
	case 1:
		_, _ = w.hub.disconnect(ctx, me, "soft")
	case 2:
		_, _ = w.hub.disconnect(ctx, choice{kind: "user", id: c.Principal().UserID}, "flush")
	case 3:
		_, _ = w.hub.subscribe(ctx, me, fmt.Sprint("server:", n%3))
	case 4:
		_, _ = w.hub.unsubscribe(ctx, me, fmt.Sprint("hist:", n%3), 0, "")
	case 5:
		_ = w.hub.look(ctx)
	case 6:
		w.tell(ctx, choice{kind: "user", id: c.Principal().UserID})
	case 7:
		w.tell(ctx, choice{kind: "all"})
		w.tell(ctx, me)
	case 8:
		w.hub.rejudge(ctx, me)
	case 9:
		c.Close(reasons["soft"])
	case 10:
		w.hub.everyone()
	case 11:
		w.push(ctx, fmt.Sprint("fleet:", n%3), pushOptions{session: c.Principal().SessionID})
	}
}
