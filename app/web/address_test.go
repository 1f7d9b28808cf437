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
		{"IPv4 with a port", "10.0.0.7", "10.0.0.7:1", "1.2.3.4:5678", "1.2.3.4"},
		{"IPv6 with a port", "10.0.0.7", "10.0.0.7:1", "[2001:db8::1]:5678", "2001:db8::1"},
		{"IPv6 in brackets", "10.0.0.7", "10.0.0.7:1", "[2001:db8::1]", "2001:db8::1"},
		{"IPv6 written at length", "10.0.0.7", "10.0.0.7:1", "2001:0db8:0:0:0:0:0:1", "2001:db8::1"},
		{"IPv6 with a zone", "10.0.0.7", "10.0.0.7:1", "fe80::1%eth0", "fe80::1"},
		{"IPv4 in IPv6", "10.0.0.7", "[::ffff:10.0.0.7]:1", "::ffff:1.2.3.4", "1.2.3.4"},
		{"proxies with ports", "10.0.0.0/8", "10.0.0.7:1", "9.9.9.9, 1.2.3.4:1, 10.9.9.9:2", "1.2.3.4"},
		{"nothing but proxies", "10.0.0.0/8", "10.0.0.7:1", "10.1.1.1, 10.9.9.9", "10.1.1.1"},
		{"a name", "10.0.0.7", "10.0.0.7:1", "1.2.3.4, unknown", "10.0.0.7"},
		{"a host with a port", "10.0.0.7", "10.0.0.7:1", "host:80", "10.0.0.7"},
		{"nonsense behind a proxy", "10.0.0.0/8", "10.0.0.7:1", "unknown, 10.9.9.9", "10.9.9.9"},
		{"an empty entry", "10.0.0.7", "10.0.0.7:1", "1.2.3.4,", "10.0.0.7"},
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

func TestAddresses_AProxyThatWritesNoAddressIsWarnedOfOnce(t *testing.T) {
	var log bytes.Buffer
	tell, err := Addresses([]string{"10.0.0.7"}, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range []string{"", "unknown", "unknown"} {
		tell(&http.Request{RemoteAddr: "10.0.0.7:1", Header: http.Header{"X-Forwarded-For": {header}}})
	}
	if got := strings.Count(log.String(), "X-Forwarded-For"); got != 1 {
		t.Errorf("warned %d times, want once:\n%s", got, log.String())
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
