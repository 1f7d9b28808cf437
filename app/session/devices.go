package session

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/web"
	"github.com/yodelrt/yodel/realtime/shape"
)

// DeviceStore lists the open sessions of an account.
type DeviceStore interface {
	SessionsOf(ctx context.Context, accountID string) ([]Session, error)
}

// device is one session as its owner sees it.
type device struct {
	ID      string    `json:"id"`
	Current bool      `json:"current"`
	Device  string    `json:"device"`
	Address string    `json:"address"`
	Created time.Time `json:"created_at"`
	Seen    time.Time `json:"seen_at"`
}

// List answers GET /api/sessions with the open sessions of who asks.
func (h *Handlers) List(c echo.Context) error {
	claims := ClaimsOf(c)
	found, err := h.Devices.SessionsOf(c.Request().Context(), claims.Subject)
	if err != nil {
		return err
	}
	devices := make(shape.List[device], len(found))
	for i, one := range found {
		devices[i] = device{one.ID, one.ID == claims.SessionID, one.Device, one.Address, one.Created, one.Seen}
	}
	return c.JSON(http.StatusOK, devices)
}

// SignOut answers DELETE /api/sessions/{id}: that device's sockets are closed.
// Somebody else's session is not found, as one that never was.
func (h *Handlers) SignOut(c echo.Context) error {
	ctx, claims, id := c.Request().Context(), ClaimsOf(c), c.Param("id")
	ended, err := h.Sessions.End(ctx, claims.Subject, id)
	if err != nil {
		return err
	}
	if !ended {
		return echo.ErrNotFound
	}
	h.Ended(ctx, id)
	h.note(c, audit.SessionRevoked, claims.Subject, claims.Subject)
	h.Changed(ctx, claims.Subject)
	if id == claims.SessionID {
		h.forget(c)
	}
	return c.NoContent(http.StatusNoContent)
}

// SignOutOthers answers DELETE /api/sessions: every device but this one.
func (h *Handlers) SignOutOthers(c echo.Context) error {
	claims := ClaimsOf(c)
	if err := h.endOthers(c.Request().Context(), claims.Subject, claims.SessionID); err != nil {
		return err
	}
	h.note(c, audit.SessionRevoked, claims.Subject, claims.Subject)
	return c.NoContent(http.StatusNoContent)
}

func (h *Handlers) endOthers(ctx context.Context, accountID, except string) error {
	ids, err := h.Sessions.EndOthers(ctx, accountID, except)
	if err != nil {
		return err
	}
	h.ended(ctx, accountID, ids)
	return nil
}

// ended ends what sessions have open that the store has ended.
func (h *Handlers) ended(ctx context.Context, accountID string, ids []string) {
	for _, id := range ids {
		h.Ended(ctx, id)
	}
	h.Changed(ctx, accountID)
}

// passwordRequest is a change of one's own password.
type passwordRequest struct {
	Old string `json:"old_password"`
	New string `json:"new_password"`
}

// Password answers POST /api/password: every other device is signed out, and
// this one goes on with new tokens, the only ones that are good from then on.
func (h *Handlers) Password(c echo.Context) error {
	var request passwordRequest
	if err := web.Decode(c, &request); err != nil {
		return err
	}
	ctx, claims := c.Request().Context(), ClaimsOf(c)
	end, ok := h.Budgets.password(claims.Subject, claims.SessionID)
	if !ok {
		return tooMany(c, h.Budgets.passwords)
	}
	defer end()
	changed, err := h.Accounts.ChangePassword(ctx, claims.Subject, claims.SessionID, request.Old, request.New)
	switch {
	case errors.Is(err, account.ErrCredentials):
		return web.NewError(http.StatusForbidden, "wrong_password", "That isn't your current password.")
	case errors.Is(err, account.ErrInvalid):
		return web.NewError(http.StatusUnprocessableEntity, "invalid_password", account.Sentence(err))
	case errors.Is(err, account.ErrBusy):
		return tooMany(c, h.Budgets.passwords)
	case err != nil:
		return err
	}
	h.ended(ctx, changed.ID, changed.Ended)
	h.note(c, audit.PasswordChanged, changed.ID, changed.ID)
	grant, err := h.Sessions.Renew(ctx, changed.Account, claims.SessionID)
	if err != nil {
		return err
	}
	return h.signedIn(c, changed.Account, grant)
}
