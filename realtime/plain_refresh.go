package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// refreshType is the type of the message that prolongs a connection in band:
// {"type":"refresh","token":"…"}, answered with {"type":"refreshed","expires_at":…}.
const refreshType = "refresh"

// ErrInvalidated: return it, wrapped or not, from PlainConfig.Recheck when the
// principal has changed and may come back with a new token. The connection ends
// with [CloseInvalidated] instead of [CloseRevoked].
const ErrInvalidated = sentinel("realtime: the principal has changed")

// refresh gives a connection the expiry of a new token of the same principal.
// The guard's verification refuses one of another user or session.
func (p *Plain) refresh(c *PlainConn, message []byte) {
	var in struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(message, &in); err != nil || in.Token == "" || p.config.Verify == nil {
		c.link.close(CloseBadRequest)
		return
	}
	ctx, err := p.config.Verify(c.link.context(), in.Token)
	if err != nil {
		c.refuseRefresh(err)
		return
	}
	fresh, known := p.config.Principal(ctx)
	old := c.Principal()
	if !known || fresh.UserID != old.UserID || fresh.SessionID != old.SessionID {
		c.link.close(CloseInvalidToken)
		return
	}
	if !fresh.ExpiresAt.IsZero() && fresh.ExpiresAt.Before(old.ExpiresAt) {
		fresh.ExpiresAt = old.ExpiresAt // an earlier end changes nothing
	}
	p.registry.rename(c, fresh)
	c.link.setContext(ctx)
	c.expireAt(fresh.ExpiresAt)
	if !p.stays(c) { // a revoke in between is seen here
		return
	}
	_ = c.Send(ctx, struct {
		Type    string    `json:"type"`
		Expires time.Time `json:"expires_at"`
	}{"refreshed", fresh.ExpiresAt.UTC()}) // a connection that is ending needs no answer
}

func (c *PlainConn) refuseRefresh(err error) {
	switch {
	case errors.Is(err, ErrTokenExpired):
		c.link.close(CloseExpired)
	case errors.Is(err, ErrCheckUnavailable):
		c.tell(errInternal) // it goes on until its own end
	default:
		c.link.close(CloseInvalidToken)
	}
}

// Rejudge asks Recheck again for the selected connections and ends those that
// may not stay: [CloseRevoked], or [CloseInvalidated] for an error that wraps
// [ErrInvalidated]. It returns how many it has ended.
func (p *Plain) Rejudge(_ context.Context, by Selector) int {
	ended := 0
	for _, c := range p.registry.find(by) {
		if !p.stays(c) {
			ended++
		}
	}
	return ended
}

// stays asks whether a registered connection may stay, and ends one that may
// not.
func (p *Plain) stays(c *PlainConn) bool {
	if p.config.Recheck == nil {
		return true
	}
	return judge(&c.link, p.config.Recheck(c.link.context(), c.Principal()))
}

// judge ends a link that may not stay, by what a recheck has said.
func judge(l *link, err error) (stays bool) {
	switch {
	case err == nil:
		return true
	case errors.Is(err, ErrInvalidated):
		l.close(CloseInvalidated)
	case errors.Is(err, ErrCheckUnavailable):
		if l.isActive() {
			return true // no verdict ends nobody who is in; the expiry does
		}
		l.close(CloseInternal) // and lets nobody in, who may come back
	default:
		l.close(CloseRevoked)
	}
	return false
}
