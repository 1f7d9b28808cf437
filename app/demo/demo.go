// Package demo is what /ws/demo says: a greeting, an echo, direct messages,
// broadcasts and how many are connected.
package demo

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

// Accounts finds people.
type Accounts interface {
	ByID(ctx context.Context, id string) (account.Account, error)
	ByUsername(ctx context.Context, username string) (account.Account, error)
}

// Demo is the conversation on /ws/demo. Build it with [New].
type Demo struct {
	*plain.Handler
	accounts Accounts
	count    *announcer
}

// What the demo sends. Field order is the order on the wire.
type (
	welcome struct {
		Type        string `json:"type"`
		User        string `json:"user"`
		Connections int    `json:"connections"`
	}
	connections struct {
		Type        string `json:"type"`
		Connections int    `json:"connections"`
	}
	spoken struct {
		Type string          `json:"type"`
		From string          `json:"from,omitempty"`
		Data json.RawMessage `json:"data"`
	}
)

// request is what a client may send.
type request struct {
	To   string          `json:"to"`
	Data json.RawMessage `json:"data"`
}

const errUnknownUser plain.Error = "unknown_user"

// New builds the demo on a plain handler; hooks in config are replaced.
func New(config plain.Config, accounts Accounts) (*Demo, error) {
	d := &Demo{accounts: accounts}
	config.Connect = d.greet
	config.Disconnect = func(*plain.Conn, realtime.Close) { d.count.changed() }
	handler, err := plain.New(config)
	if err != nil {
		return nil, err
	}
	d.Handler = handler
	d.count = newAnnouncer(func() {
		_, _ = handler.Broadcast(context.Background(), connections{"connections", handler.Connections()}) // closed: nobody is left to tell
	})
	if err := errors.Join(handler.Handle("echo", d.echo), handler.Handle("broadcast", d.broadcast), handler.Handle("direct", d.direct)); err != nil {
		return nil, err
	}
	return d, nil
}

// Shutdown ends the announcements and then the connections.
func (d *Demo) Shutdown(ctx context.Context) error {
	d.count.stop()
	return d.Handler.Shutdown(ctx)
}

func (d *Demo) greet(ctx context.Context, c *plain.Conn) error {
	name, err := d.username(ctx, c)
	if err != nil {
		return err
	}
	d.count.changed()
	_ = c.Send(ctx, welcome{"welcome", name, d.Connections()}) // one that is ending needs no greeting, and its end is counted
	return nil
}

func (d *Demo) echo(ctx context.Context, c *plain.Conn, message json.RawMessage) error {
	in, err := parse(message)
	if err != nil {
		return err
	}
	return c.Send(ctx, spoken{Type: "echo", Data: in.Data})
}

func (d *Demo) broadcast(ctx context.Context, c *plain.Conn, message json.RawMessage) error {
	in, err := parse(message)
	if err != nil {
		return err
	}
	from, err := d.username(ctx, c)
	if err != nil {
		return err
	}
	_, err = d.Broadcast(ctx, spoken{"broadcast", from, in.Data})
	return err
}

// direct reaches every socket of the receiver and every one of the sender.
func (d *Demo) direct(ctx context.Context, c *plain.Conn, message json.RawMessage) error {
	in, err := parse(message)
	if err != nil {
		return err
	}
	to, err := d.accounts.ByUsername(ctx, in.To)
	if errors.Is(err, account.ErrNotFound) {
		return errUnknownUser
	}
	if err != nil {
		return err
	}
	from, err := d.username(ctx, c)
	if err != nil {
		return err
	}
	said := spoken{"direct", from, in.Data}
	if to.ID != c.Principal().UserID {
		if _, err := d.SendToUser(ctx, to.ID, said); err != nil {
			return err
		}
	}
	_, err = d.SendToUser(ctx, c.Principal().UserID, said)
	return err
}

func (d *Demo) username(ctx context.Context, c *plain.Conn) (string, error) {
	found, err := d.accounts.ByID(ctx, c.Principal().UserID)
	return found.Username, err
}

func parse(message json.RawMessage) (request, error) {
	var in request
	if err := json.Unmarshal(message, &in); err != nil || in.Data == nil {
		return in, plain.ErrBadMessage
	}
	return in, nil
}
