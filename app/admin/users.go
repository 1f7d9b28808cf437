package admin

import (
	"context"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/text"
)

// Users lists accounts.
func (a *Admin) Users(ctx context.Context, _ string, in wire.UsersQuery) (wire.Accounts, error) {
	limit := limitOf(in.Limit, 50, 200)
	found, err := a.Store.AccountsAfter(ctx, text.Fold(in.Query), in.After, limit+1)
	if err != nil {
		return wire.Accounts{}, err
	}
	out := wire.Accounts{Users: []wire.Account{}, More: len(found) > limit}
	found = found[:min(limit, len(found))]
	ids := make([]string, len(found))
	for i, one := range found {
		ids[i] = one.ID
	}
	connections := a.connectionsOf(ctx, ids...)
	for _, one := range found {
		out.Users = append(out.Users, wire.Account{
			ID: one.ID, Username: one.Username, Name: one.Name, Role: string(one.Role), Disabled: one.Disabled, CreatedAt: one.Created,
			Connections: connections[one.ID],
		})
	}
	return out, nil
}

func (a *Admin) userOf(ctx context.Context, found account.Account) wire.Account {
	return wire.Account{
		ID: found.ID, Username: found.Username, Name: found.Name, Role: string(found.Role), Disabled: found.Disabled, CreatedAt: found.Created,
		Connections: a.connectionsOf(ctx, found.ID)[found.ID],
	}
}

// SetRole gives an account another role, at once.
func (a *Admin) SetRole(ctx context.Context, userID string, in wire.SetRole) (wire.Account, error) {
	done, err := a.Accounts.SetRole(ctx, userID, in.UserID, account.Role(in.Role))
	if err != nil {
		return wire.Account{}, known(err)
	}
	if done.Any() {
		a.Audit.Record(ctx, audit.Entry{
			Action: audit.RoleChanged, ActorID: userID, TargetID: done.ID, Detail: string(done.Was.Role) + " to " + string(done.Role),
		})
		a.Actions.AccountChanged(ctx, done.ID)
	}
	return a.userOf(ctx, done.Account), nil
}

// SetDisabled keeps an account out or lets it in again, at once.
func (a *Admin) SetDisabled(ctx context.Context, userID string, in wire.SetDisabled) (wire.Account, error) {
	done, err := a.Accounts.SetDisabled(ctx, userID, in.UserID, in.Disabled)
	if err != nil {
		return wire.Account{}, known(err)
	}
	if done.Any() {
		action := audit.Enabled
		if in.Disabled {
			action = audit.Disabled
		}
		a.Audit.Record(ctx, audit.Entry{Action: action, ActorID: userID, TargetID: done.ID})
		for _, id := range done.Ended {
			a.Actions.SessionEnded(ctx, id)
		}
		a.Actions.AccountChanged(ctx, done.ID)
	}
	return a.userOf(ctx, done.Account), nil
}

// SessionsOf lists the open sessions of an account.
func (a *Admin) SessionsOf(ctx context.Context, _ string, in wire.UserRef) (wire.Sessions, error) {
	if _, err := a.target(ctx, in.UserID); err != nil {
		return wire.Sessions{}, err
	}
	found, err := a.Store.SessionsOf(ctx, in.UserID)
	if err != nil {
		return wire.Sessions{}, err
	}
	out := wire.Sessions{Sessions: []wire.Session{}}
	for _, one := range found {
		out.Sessions = append(out.Sessions, sessionOf(one))
	}
	return out, nil
}

func sessionOf(s session.Session) wire.Session {
	return wire.Session{ID: s.ID, Device: s.Device, Address: s.Address, CreatedAt: s.Created, SeenAt: s.Seen}
}

// Revoke ends one session of an account, or all.
func (a *Admin) Revoke(ctx context.Context, userID string, in wire.RevokeSessions) (wire.Ended, error) {
	if _, err := a.target(ctx, in.UserID); err != nil {
		return wire.Ended{}, err
	}
	ended, err := a.end(ctx, in)
	if err != nil {
		return wire.Ended{}, err
	}
	for _, id := range ended {
		a.Audit.Record(ctx, audit.Entry{Action: audit.SessionRevoked, ActorID: userID, TargetID: in.UserID})
		a.Actions.SessionEnded(ctx, id)
	}
	return wire.Ended{Count: len(ended)}, nil
}

func (a *Admin) end(ctx context.Context, in wire.RevokeSessions) ([]string, error) {
	if in.SessionID == "" {
		return a.Sessions.EndOthers(ctx, in.UserID, "")
	}
	was, err := a.Sessions.End(ctx, in.UserID, in.SessionID)
	if err != nil || !was {
		return nil, err
	}
	return []string{in.SessionID}, nil
}
