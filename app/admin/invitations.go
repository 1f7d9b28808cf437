package admin

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

// Link is where somebody makes an account with the secret of an invitation. The
// secret stands in the fragment: no server and no log gets to see it.
func Link(origin, secret string) string { return origin + "/register#" + secret }

const (
	usualHours = 72
	maxHours   = 720
	maxNote    = 100 // characters
)

// Invite makes an invitation and its link, which is shown once.
func (a *Admin) Invite(ctx context.Context, userID string, in wire.Invite) (wire.Invitation, error) {
	if in.Hours == 0 {
		in.Hours = usualHours
	}
	if in.Hours < 1 || in.Hours > maxHours {
		return wire.Invitation{}, refusal.Invalid.Say("An invitation lasts 1 to %d hours.", maxHours)
	}
	if utf8.RuneCountInString(in.Note) > maxNote || strings.ContainsFunc(in.Note, unicode.IsControl) {
		return wire.Invitation{}, refusal.Invalid.Say("A note has at most %d characters.", maxNote)
	}
	secret, made, err := a.Invitations.Invite(ctx, userID, account.Role(in.Role), in.Note, time.Duration(in.Hours)*time.Hour)
	if err != nil {
		return wire.Invitation{}, known(err)
	}
	a.Audit.Record(ctx, audit.Entry{Action: audit.Invited, ActorID: userID, Detail: in.Role})
	out := invitationOf(made)
	out.Link = Link(a.Origin, secret)
	return out, nil
}

func invitationOf(i account.Invitation) wire.Invitation {
	return wire.Invitation{ID: i.ID, Role: string(i.Role), Note: i.Note, CreatedBy: i.CreatedBy, CreatedAt: i.Created, ExpiresAt: i.Expires}
}

// OpenInvitations lists those that can still be used.
func (a *Admin) OpenInvitations(ctx context.Context, _ string, _ wire.Nothing) (wire.Invitations, error) {
	found, err := a.Store.OpenInvitations(ctx)
	out := wire.Invitations{Invitations: []wire.Invitation{}}
	for _, one := range found {
		out.Invitations = append(out.Invitations, invitationOf(one))
	}
	return out, err
}

// EndInvitation takes an invitation back.
func (a *Admin) EndInvitation(ctx context.Context, userID string, in wire.InvitationRef) (wire.Nothing, error) {
	was, err := a.Store.EndInvitation(ctx, in.InvitationID)
	if err != nil {
		return wire.Nothing{}, err
	}
	if !was {
		return wire.Nothing{}, refusal.NotThere.Say("This invitation is used up or taken back already.")
	}
	a.Audit.Record(ctx, audit.Entry{Action: audit.InvitationEnded, ActorID: userID})
	return wire.Nothing{}, nil
}
