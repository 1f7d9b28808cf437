package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
)

// ErrProxies says that a list of proxies can't be read; the text names the entry.
var ErrProxies = errors.New("not a list of proxies")

// Addresses tells clients' addresses: that of the peer, or, where the peer is
// one of the trusted proxies, the last in X-Forwarded-For that is none of them.
// trusted holds addresses and prefixes, 10.0.0.7 or 10.0.0.0/8; without any, the
// header is anybody's to write and the first request that carries it is warned
// of. A port beside an address in the header is left out. Safe for concurrent use.
func Addresses(trusted []string, log *slog.Logger) (echo.IPExtractor, error) {
	if len(trusted) == 0 {
		return peers(log), nil
	}
	ranges := make([]netip.Prefix, len(trusted))
	for i, entry := range trusted {
		var err error
		if ranges[i], err = proxies(entry); err != nil {
			return nil, err
		}
	}
	return forwarded(ranges, log), nil
}

// forwarded goes from the peer back through X-Forwarded-For as long as it meets
// proxies. An entry that is no address ends it: who wrote that is unknown.
func forwarded(trusted []netip.Prefix, log *slog.Logger) echo.IPExtractor {
	var once sync.Once
	direct := echo.ExtractIPDirect()
	return func(r *http.Request) string {
		last := direct(r)
		entries := strings.Split(strings.Join(r.Header.Values(echo.HeaderXForwardedFor), ","), ",")
		for _, entry := range slices.Backward(append(entries, last)) {
			address, ok := hop(entry)
			if !ok {
				if strings.TrimSpace(entry) != "" {
					once.Do(func() {
						log.Warn("a trusted proxy sends an X-Forwarded-For whose last entry is no address, so everybody behind it may count as one; let it write the client's address")
					})
				}
				return last
			}
			last = address.String()
			if !slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(address) }) {
				return last
			}
		}
		return last
	}
}

// hop reads one entry: an address, with a port or without, IPv6 in brackets or not.
func hop(entry string) (netip.Addr, bool) {
	entry = strings.TrimSpace(entry)
	if with, err := netip.ParseAddrPort(entry); err == nil {
		return plain(with.Addr()), true
	}
	if inside, bracketed := strings.CutPrefix(entry, "["); bracketed {
		entry = strings.TrimSuffix(inside, "]")
	}
	address, err := netip.ParseAddr(entry)
	return plain(address), err == nil
}

// plain writes every form of an address as one.
func plain(address netip.Addr) netip.Addr { return address.Unmap().WithZone("") }

// proxies reads one entry. A prefix of everything would believe everybody.
func proxies(entry string) (netip.Prefix, error) {
	entry = strings.TrimSpace(entry)
	prefix, err := netip.ParsePrefix(entry)
	if addr, failed := netip.ParseAddr(entry); failed == nil && addr.Zone() == "" {
		prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	switch {
	case err != nil:
		return netip.Prefix{}, fmt.Errorf("%w: %q is neither an address such as 10.0.0.7 nor a range such as 10.0.0.0/8", ErrProxies, entry)
	case prefix.Bits() == 0:
		return netip.Prefix{}, fmt.Errorf("%w: %q takes everybody for a proxy, who could then write any address; name your own", ErrProxies, entry)
	}
	return prefix.Masked(), nil
}

// peers tells the peer's address, and says once that a proxy seems to be there.
func peers(log *slog.Logger) echo.IPExtractor {
	var once sync.Once
	direct := echo.ExtractIPDirect()
	return func(r *http.Request) string {
		if r.Header.Get(echo.HeaderXForwardedFor) != "" {
			once.Do(func() {
				log.Warn("requests carry X-Forwarded-For, which is ignored, so everybody behind a proxy counts as one address; name your proxies with --trusted-proxies")
			})
		}
		return direct(r)
	}
}
