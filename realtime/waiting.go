package realtime

import "github.com/yodelrt/yodel/realtime/internal/conns"

// Why no further pending connection is admitted.
const (
	// ErrPendingPerAddress: that address has as many as one may have.
	ErrPendingPerAddress = sentinel("realtime: too many pending connections from one address")
	// ErrPending: there are as many as there may be in all.
	ErrPending = sentinel("realtime: too many pending connections")
)

// Waiting is what is known of a pending connection.
type Waiting struct {
	// Address is counted against PlainConfig.MaxPendingPerAddress.
	Address string
	// Origin is the Origin header that the guard accepted, as in [Principal].
	Origin string
}

// Network is what an address is counted under: an IPv4 address by itself, an IPv6
// address with all of its /64, in which a host chooses its own at will (RFC 4291,
// section 2.5.1; RFC 8981). An IPv4 address written as IPv6 is the IPv4 address.
// What is no address is counted as it stands.
func Network(address string) string { return conns.AddrKey(address) }
