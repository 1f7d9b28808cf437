package plain

import (
	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/refuse"
	"github.com/yodelrt/yodel/realtime/internal/strictjson"
	"github.com/yodelrt/yodel/realtime/internal/transport"
	"github.com/yodelrt/yodel/realtime/internal/verify"
	"github.com/yodelrt/yodel/realtime/observe"
)

// authenticateType is the type of the first message of a pending connection:
// {"type":"authenticate","token":"…"}.
const authenticateType = "authenticate"

var pendingErrors = refuse.PendingErrors{PerAddress: realtime.ErrPendingPerAddress, Total: realtime.ErrPending, Closed: realtime.ErrClosed}

// AdmitPending reports whether one more pending connection from that address would
// be admitted now, with [realtime.ErrPendingPerAddress], [realtime.ErrPending] or
// [realtime.ErrClosed]. A guard asks it before it spends a ticket.
func (p *Handler) AdmitPending(address string) error {
	return pendingErrors.Of(p.conns.RoomPending(address))
}

// authenticate handles the one message that a pending connection may send.
func (p *Handler) authenticate(c *Conn, message []byte) {
	if len(message) > p.config.Limits.FirstMessageBytes {
		c.refuse(observe.LimitFirstMessageBytes, transport.TooBig)
		return
	}
	members, err := strictjson.Members(message)
	kind, _ := strictjson.String(members, "type")
	token, _ := strictjson.String(members, "token")
	if err != nil || kind != authenticateType || token == "" {
		c.end(realtime.CloseBadRequest)
		return
	}
	switch outcome, reason := p.checks.Renew(&c.link, &c.principal, token, nil); outcome {
	case verify.Accepted:
		c.pending = false
		p.enter(c)
	case verify.Expired:
		c.tell(ErrTokenExpired)
		expired := realtime.CloseExpired
		expired.Flush = true
		c.end(expired)
	case verify.NoVerdict:
		c.end(realtime.CloseInternal)
	case verify.Refused:
		c.endRefused(reason)
	}
}

// endRefused ends a connection whose token was refused.
func (c *Conn) endRefused(reason transport.Close) {
	if reason == conns.CloseBusy {
		c.refuse(observe.LimitConnections, reason)
		return
	}
	c.link.End(reason)
}
