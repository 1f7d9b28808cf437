package conns

import "testing"

func TestAddrKey_OneCustomer(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7":                  "192.0.2.7",
		"::ffff:192.0.2.7":           "192.0.2.7",
		"2001:db8:1:2::3":            "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff:ffff::":   "2001:db8:1:2::/64",
		"2001:db8:1:3::3":            "2001:db8:1:3::/64",
		"fe80::1%eth0":               "fe80::/64",
		"::1":                        "::/64",
		"the load balancer's own id": "the load balancer's own id",
		"":                           "",
	} {
		if got := AddrKey(address); got != want {
			t.Errorf("%q: got %q, want %q", address, got, want)
		}
	}
}
