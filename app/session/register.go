package session

import (
	"errors"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
	"github.com/yodelrt/yodel/app/web"
)

// Register answers POST /api/register: who holds an invitation makes an account
// and is signed in. Its role is that of the invitation, whatever else was sent.
func (h *Handlers) Register(c echo.Context) error {
	var request wire.Register
	if err := web.Decode(c, &request); err != nil {
		return err
	}
	if !h.ByAddress.Take(network(c)) {
		return tooMany(c, h.ByAddress)
	}
	made, err := h.Invitations.Register(c.Request().Context(), request.Invitation, request.Username, request.Name, request.Password)
	switch {
	case errors.Is(err, account.ErrInvitation):
		return refusal.Invitation.Plain()
	case errors.Is(err, account.ErrTaken):
		return refusal.Taken.Say("That username is taken.")
	case errors.Is(err, account.ErrBusy):
		return tooMany(c, h.ByAddress)
	case errors.Is(err, account.ErrInvalid):
		return refusal.Invalid.Say("%s", sentence(err))
	case err != nil:
		return err
	}
	return h.begin(c, made, audit.Registered)
}

// sentence turns what an account was refused for into what a person reads.
func sentence(err error) string {
	text := strings.TrimPrefix(err.Error(), account.ErrInvalid.Error()+": ")
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
