package conns

import "github.com/yodelrt/yodel/realtime/internal/transport"

// The reasons for which the hub and the plain handler end connections by the code
// that they share. Package realtime has the same under the same names.
var (
	CloseInternal        = transport.Internal
	CloseExpired         = transport.Close{Code: 3005, Reason: "connection expired"}
	CloseBusy            = transport.Close{Code: 3013, Reason: "too many connections"}
	CloseInvalidated     = transport.Close{Code: 3014, Reason: "state invalidated"}
	CloseInvalidToken    = transport.Close{Code: 3500, Reason: "invalid token"}
	CloseStale           = transport.Close{Code: 3502, Reason: "stale"}
	CloseRevoked         = transport.Close{Code: 3503, Reason: "signed out"}
	CloseConnectionLimit = transport.Close{Code: 3504, Reason: "connection limit"}
)

// LateReason is why a connection ends that has not been let in in time: the peer has
// not said who it is, or this server has not reached a verdict yet.
func LateReason(c *Conn) transport.Close {
	if c.Socket.Busy() {
		return CloseInternal
	}
	return CloseStale
}
