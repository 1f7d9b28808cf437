package session

import (
	"net/netip"

	"github.com/labstack/echo/v4"
)

// network is what attempts are counted under: the address of an IPv4 client, and all
// of the /64 of an IPv6 one, in which a host chooses its own at will (RFC 8981).
func network(c echo.Context) string { return networkOf(c.RealIP()) }

func networkOf(address string) string {
	parsed, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if parsed = parsed.Unmap().WithZone(""); parsed.Is4() {
		return parsed.String()
	}
	return netip.PrefixFrom(parsed, 64).Masked().String()
}
