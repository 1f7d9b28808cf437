package session

import (
	"errors"

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
	end, ok := h.Budgets.register(network(c))
	if !ok {
		return tooMany(c, h.Budgets.attempts)
	}
	defer end()
	made, err := h.Invitations.Register(c.Request().Context(), request.Invitation, request.Username, request.Name, request.Password)
	switch {
	case errors.Is(err, account.ErrInvitation):
		return refusal.Invitation.Plain()
	case errors.Is(err, account.ErrTaken):
		return refusal.Taken.Say("That username or name is taken, or looks like one that is.")
	case errors.Is(err, account.ErrBusy):
		return tooMany(c, h.Budgets.attempts)
	case errors.Is(err, account.ErrInvalid):
		return refusal.Invalid.Say("%s", account.Sentence(err))
	case err != nil:
		return err
	}
	return h.begin(c, made, audit.Registered)
}
