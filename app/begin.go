package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/admin"
	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/retention"
	"github.com/yodelrt/yodel/app/session"
)

// openAdmin puts together what administrators do, and offers it on the hub.
func (a *App) openAdmin() error {
	a.admin = &admin.Admin{
		Accounts: a.accounts, Invitations: a.invites, Sessions: a.sessions, Store: a.store,
		Audit: a.audit, Hub: a.hub, Actions: effects{a}, Refused: a.chat.Refused, Log: a.log, Origin: a.place.origin,
	}
	return a.admin.Register(a.hub)
}

// begin prepares an empty database, with people and rooms in demo mode, else with an
// invitation for the first administrator, and follows it from then on.
func (a *App) begin(ctx context.Context) (err error) {
	if a.config.Demo {
		err = a.seed(ctx)
	} else if a.first, err = a.invites.First(ctx); err != nil {
		err = fmt.Errorf("invite the first administrator: %w", err)
	}
	if err != nil {
		return err
	}
	watch, stop := context.WithCancel(context.WithoutCancel(ctx))
	a.stop = stop
	a.watching.Go(func() { a.relay.Run(watch, a.live) })
	a.watching.Go(func() { retention.Run(watch, a.store, a.config.retention(), a.log) })
	a.watching.Go(func() { session.Watch(watch, a.store, a.log, a.endedElsewhere, a.changedElsewhere) })
	return nil
}

// Announcement is what a process prints when it listens: its address, and the
// invitation of the first administrator where there is nobody yet. That is shown
// once and in no log; the next start makes another one while there is nobody.
// Run prints it.
func (a *App) Announcement() string {
	lines := ""
	if a.first != "" {
		lines = "first administrator: " + admin.Link(a.place.origin, a.first) + "\n"
		a.first = ""
	}
	return lines + "listening url=" + a.place.origin + "\n"
}

// seed makes the people and rooms of demo mode, where they are missing.
func (a *App) seed(ctx context.Context) error {
	ids := map[string]string{}
	for username, role := range map[string]account.Role{"admin": account.Admin, "alice": account.Member, "bob": account.Member} {
		_, err := a.accounts.Create(ctx, username, "", username+"-yodel-demo", role)
		if err != nil && !errors.Is(err, account.ErrTaken) {
			return fmt.Errorf("make the demo users: %w", err)
		}
		found, err := a.accounts.ByUsername(ctx, username)
		if err != nil {
			return fmt.Errorf("find the demo users: %w", err)
		}
		ids[username] = found.ID
	}
	patient := chat.New(a.store.Chat(), a.relay, chat.Options{MessagesPer10s: 1000}) // budgets of its own
	if err := patient.Seed(ctx, ids["admin"], ids["alice"], ids["bob"]); err != nil {
		return fmt.Errorf("make the demo rooms: %w", err)
	}
	a.log.Warn("demo mode: sign in as admin, alice or bob with the password <name>-yodel-demo")
	return nil
}
