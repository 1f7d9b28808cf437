package plain

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/internal/strictjson"
	"github.com/yodelrt/yodel/realtime/internal/verify"
)

// refreshType is the type of the message that prolongs a connection in band:
// {"type":"refresh","token":"…"}, answered with {"type":"refreshed","expires_at":…}.
const refreshType = "refresh"

// checkErrors are what the errors of an application's checks wrap.
var checkErrors = verify.Errors{Expired: realtime.ErrTokenExpired, Unavailable: realtime.ErrCheckUnavailable, Changed: realtime.ErrInvalidated, Answer: passes}

// refresh gives a connection the expiry of a new token of the same principal.
func (p *Handler) refresh(c *Conn, members map[string]json.RawMessage) error {
	token, _ := strictjson.String(members, "token")
	if token == "" || p.config.Verify == nil {
		return realtime.CloseBadRequest
	}
	switch outcome, reason := p.checks.Renew(&c.link, &c.principal, token, p.checks.Longer); outcome {
	case verify.Expired:
		return realtime.CloseExpired
	case verify.NoVerdict:
		return ErrInternal // it goes on until its own end
	case verify.Refused:
		c.endRefused(reason)
		return nil
	}
	fresh := c.Principal()
	c.link.ExpireAt(fresh.ExpiresAt)
	if !p.checks.Stays(&c.link, fresh) { // a revoke in between is seen here
		return nil
	}
	_ = c.Send(c.Context(), struct {
		Type    string    `json:"type"`
		Expires time.Time `json:"expires_at"`
	}{"refreshed", fresh.ExpiresAt.UTC()}) // a connection that is ending needs no answer
	return nil
}

// Rejudge asks Recheck again for the selected connections and ends those that may
// not stay: [realtime.CloseRevoked], or [realtime.CloseInvalidated] for an error that
// wraps [realtime.ErrInvalidated]. It returns how many it has ended.
func (p *Handler) Rejudge(_ context.Context, by realtime.Selector) int {
	ended := 0
	for _, c := range p.find(by) {
		if !p.checks.Stays(&c.link, c.Principal()) {
			ended++
		}
	}
	return ended
}

// passes reports whether an error is an answer of the hub's that says of itself that
// it passes, from a check that both share.
func passes(err error) bool {
	var known *realtime.Error
	return errors.As(err, &known) && known.Temporary
}
