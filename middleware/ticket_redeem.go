package middleware

import (
	"context"
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"
)

// redemption is a ticket on its way to being taken.
type redemption struct {
	ticket string
	record ticketRecord
}

// peek finds out what a ticket stands for, without using it up.
func (a *Auth) peek(c echo.Context, ticket string) (*redemption, *refusal) {
	if a.tickets == nil {
		return nil, refuse(ErrCredential, "carrier_off")
	}
	address := remoteIP(c)
	if a.guesses.blocked(address) {
		return nil, refuse(ErrTooMany, "too_many_wrong_tickets")
	}
	if len(ticket) != ticketChars {
		a.guesses.wrong(address)
		return nil, refuse(ErrCredential, "ticket_unknown")
	}
	sealed, taken, err := a.tickets.Peek(c.Request().Context(), ticketID(ticket))
	switch {
	case err != nil:
		return nil, refuse(ErrUnavailable, "ticket_store").because(err)
	case sealed == nil:
		a.guesses.wrong(address)
		return nil, refuse(ErrCredential, "ticket_unknown")
	case taken:
		return nil, refuse(ErrCredential, "ticket_reused").about(ticket)
	}
	record, err := openRecord(ticket, sealed)
	if err != nil {
		return nil, refuse(ErrCredential, "ticket_unreadable").about(ticket)
	}
	if !time.Now().Before(record.Expires) {
		return nil, refuse(ErrCredential, "ticket_expired").about(ticket)
	}
	return &redemption{ticket, record}, nil
}

// bound holds a ticket's bindings against the request that redeems it.
func (a *Auth) bound(c echo.Context, r *redemption, principal *Principal, origin string) *refusal {
	switch {
	case r.record.Route != c.Path():
		return refuse(ErrCredential, "ticket_of_another_route").about(r.ticket)
	case r.record.Origin != "" && r.record.Origin != origin:
		return refuse(ErrOrigin, "ticket_of_another_origin").about(r.ticket)
	case r.record.User != principal.UserID || r.record.Session != principal.SessionID:
		return refuse(ErrCredential, "ticket_of_another_principal").about(r.ticket)
	}
	if address := remoteIP(c); r.record.Address != address {
		if a.config.TicketSameAddress {
			return refuse(ErrOrigin, "ticket_from_another_address").about(r.ticket)
		}
		a.config.Logger.LogAttrs(c.Request().Context(), slog.LevelInfo, "a ticket is redeemed from another address than it was minted from",
			slog.String("ticket", hashPrefix(r.ticket)), slog.String("minted_from", r.record.Address), slog.String("remote_ip", address))
	}
	return nil
}

// take uses the ticket up. Of all who try, one gets it.
func (a *Auth) take(ctx context.Context, r *redemption) *refusal {
	taken, err := a.tickets.Take(ctx, ticketID(r.ticket))
	if err != nil {
		return refuse(ErrUnavailable, "ticket_store").because(err)
	}
	if !taken {
		return refuse(ErrCredential, "ticket_reused").about(r.ticket)
	}
	return nil
}
