package realtime

import "github.com/yodelrt/yodel/realtime/internal/refuse"

// Why no further pending connection is admitted.
const (
	// ErrPendingPerAddress: that address has as many as one may have.
	ErrPendingPerAddress = sentinel("realtime: too many pending connections from one address")
	// ErrPending: there are as many as there may be in all.
	ErrPending = sentinel("realtime: too many pending connections")
)

var pendingErrors = refuse.PendingErrors{PerAddress: ErrPendingPerAddress, Total: ErrPending, Closed: ErrClosed}

// PendingInfo is what is known of a pending connection.
type PendingInfo struct {
	// Address is counted against Limits.PendingPerAddress, an IPv6 address with all
	// of its /64.
	Address string
	// Origin is the Origin header that the guard accepted, as in [Principal].
	Origin string
}
