package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
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
// of. Safe for concurrent use.
func Addresses(trusted []string, log *slog.Logger) (echo.IPExtractor, error) {
	if len(trusted) == 0 {
		return peers(log), nil
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, entry := range trusted {
		prefix, err := proxies(entry)
		if err != nil {
			return nil, err
		}
		bits := prefix.Addr().BitLen()
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), bits),
		}))
	}
	return echo.ExtractIPFromXFFHeader(options...), nil
}

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
