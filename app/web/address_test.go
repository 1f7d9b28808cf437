package web

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		name, trusted, peer, forwarded, want string
	}{
		{"nobody is trusted", "", "10.0.0.7:1", "1.2.3.4", "10.0.0.7"},
		{"the proxy says", "10.0.0.0/8", "10.0.0.7:1", "1.2.3.4", "1.2.3.4"},
		{"a proxy by its address", "10.0.0.7", "10.0.0.7:1", "1.2.3.4", "1.2.3.4"},
		{"behind two of them", "10.0.0.0/8", "10.0.0.7:1", "1.2.3.4, 10.9.9.9", "1.2.3.4"},
		{"what the client wrote itself is left", "10.0.0.0/8", "10.0.0.7:1", "9.9.9.9, 1.2.3.4", "1.2.3.4"},
		{"a stranger beside the proxy", "10.0.0.7", "10.0.0.8:1", "1.2.3.4", "10.0.0.8"},
		{"loopback is not trusted by itself", "10.0.0.7", "127.0.0.1:1", "1.2.3.4", "127.0.0.1"},
		{"nonsense", "10.0.0.7", "10.0.0.7:1", "'; drop", "10.0.0.7"},
		{"IPv6", "fd00::/8", "[fd00::1]:1", "2001:db8::1", "2001:db8::1"},
		{"no header", "10.0.0.7", "10.0.0.7:1", "", "10.0.0.7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tell, err := Addresses(strings.Fields(c.trusted), slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			r := &http.Request{RemoteAddr: c.peer, Header: http.Header{}}
			if c.forwarded != "" {
				r.Header.Set("X-Forwarded-For", c.forwarded)
			}
			if got := tell(r); got != c.want {
				t.Errorf("address %q, want %q", got, c.want)
			}
		})
	}
}

func TestAddressesRefusesLists(t *testing.T) {
	for _, entry := range []string{"everybody", "0.0.0.0/0", "::/0", "10.0.0.0/33", "fe80::1%eth0", ""} {
		if _, err := Addresses([]string{entry}, slog.New(slog.DiscardHandler)); !errors.Is(err, ErrProxies) {
			t.Errorf("%q: error %v, want ErrProxies", entry, err)
		}
	}
}

func TestH237_a_proxy_that_nobody_named_is_warned_of_once(t *testing.T) {
	var log bytes.Buffer
	tell, err := Addresses(nil, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		tell(&http.Request{RemoteAddr: "10.0.0.7:1", Header: http.Header{"X-Forwarded-For": {"1.2.3.4"}}})
	}
	if got := strings.Count(log.String(), "--trusted-proxies"); got != 1 {
		t.Errorf("warned %d times, want once:\n%s", got, log.String())
	}
}
