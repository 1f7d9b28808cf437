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
		c.end(CloseBadRequest)
		return
	}
	old := c.Principal()
	err := p.renew(c, in.Token, func(fresh *Principal) error {
		if err := mayBecome(fresh, &old, p.config.Epoch); err != nil {
			return err
		}
		if !fresh.ExpiresAt.IsZero() && fresh.ExpiresAt.Before(old.ExpiresAt) {
			fresh.ExpiresAt = old.ExpiresAt // an earlier end changes nothing
		}
		return nil
	})
	if err != nil {
		c.refuseRefresh(err)
		return
	}
	fresh := c.Principal()
	c.expireAt(fresh.ExpiresAt)
	if !p.stays(c) { // a revoke in between is seen here
		return
	}
	_ = c.Send(c.Context(), struct {
		Type    string    `json:"type"`
		Expires time.Time `json:"expires_at"`
	}{"refreshed", fresh.ExpiresAt.UTC()}) // a connection that is ending needs no answer
}

func (c *PlainConn) refuseRefresh(err error) {
	reason, _ := asClose(err)
	switch {
	case errors.Is(err, ErrTokenExpired):
		c.end(CloseExpired)
	case reason == CloseInternal:
		c.tell(errInternal) // it goes on until its own end
	default:
		c.end(reason)
	}
}

// renew gives the connection the principal of a token, as a hub does.
func (p *Plain) renew(c *PlainConn, token string, accept func(*Principal) error) error {
	return renewal{p.conns, p.config.Verify, p.config.Principal, p.config.Epoch}.run(&c.link, &c.principal, token, accept)
}

// Rejudge asks Recheck again for the selected connections and ends those that
// may not stay: [CloseRevoked], or [CloseInvalidated] for an error that wraps
// [ErrInvalidated]. It returns how many it has ended.
func (p *Plain) Rejudge(_ context.Context, by Selector) int {
	ended := 0
	for _, c := range p.find(by) {
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
	stays := false
	p.spawn.Do(&c.link.Socket, func() {
		stays = judge(p.config.Recheck(c.Context(), c.Principal()), c.link.Active(), c.end)
	})
	return stays
}
