package conns

import "net/netip"

// AddrKey is what an address is counted under: an IPv4 address by itself, an IPv6
// address with all of its /64, in which a host chooses its own at will (RFC 4291,
// section 2.5.1; RFC 8981). An IPv4 address written as IPv6 is the IPv4 address.
// What is no address is counted as it stands.
func AddrKey(address string) string {
	parsed, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	parsed = parsed.Unmap().WithZone("")
	if parsed.Is4() {
		return parsed.String()
	}
	return netip.PrefixFrom(parsed, 64).Masked().String()
}

// addrCounts counts connections by the key of their address. No address is
// counted as nobody's.
type addrCounts map[string]int

func (c addrCounts) of(key string) int { return c[key] }

func (c addrCounts) add(key string) {
	if key != "" {
		c[key]++
	}
}

func (c addrCounts) remove(key string) {
	if key == "" {
		return
	}
	if c[key]--; c[key] <= 0 {
		delete(c, key)
	}
}
