package app

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// place is where the application is reached, derived from the settings.
type place struct {
	origin  string
	origins []string // all whose pages may use it
	hosts   []string // for a development certificate
	https   bool
	port    string // empty for that of the scheme
}

func (c Config) place() (place, error) {
	public, err := c.publicURL()
	if err != nil {
		return place{}, err
	}
	p := place{origin: public.String(), https: public.Scheme == "https", port: public.Port(), hosts: []string{public.Hostname()}}
	p.origins = []string{p.origin}
	if loopback(public.Hostname()) {
		p.hosts = []string{"localhost", "127.0.0.1", "::1"}
		p.origins = nil
		for _, host := range []string{"localhost", "127.0.0.1", "[::1]"} {
			p.origins = append(p.origins, public.Scheme+"://"+withPort(host, public.Port()))
		}
	}
	for _, raw := range c.Origins {
		further, err := originOf(raw)
		if err != nil {
			return place{}, fmt.Errorf("%w: --origins %q is not of the form https://app.example.com: %w", ErrConfig, shown(raw), err)
		}
		if !slices.Contains(p.origins, further.String()) {
			p.origins = append(p.origins, further.String())
		}
	}
	return p, c.safe(p, public)
}

func withPort(host, port string) string {
	if port == "" {
		return host
	}
	return host + ":" + port
}

func (c Config) publicURL() (*url.URL, error) {
	raw := c.PublicURL
	if raw == "" {
		host, port, err := net.SplitHostPort(c.Addr)
		if err != nil || !loopback(host) {
			return nil, fmt.Errorf("%w: --addr %q is not a loopback address, so set --public-url to the address that browsers use, such as https://chat.example.com", ErrConfig, c.Addr)
		}
		scheme := "http"
		if c.tls() {
			scheme = "https"
		}
		raw = scheme + "://" + net.JoinHostPort(host, port)
	}
	public, err := originOf(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: --public-url %q is not of the form https://chat.example.com: %w", ErrConfig, shown(raw), err)
	}
	return public, nil
}

// shown is an address without a password.
func shown(raw string) string { return raw[strings.LastIndex(raw, "@")+1:] }

var errOrigin = errors.New("not an origin")

// originOf reads the address of a site and writes it as browsers do in Origin:
// scheme, host in small letters and Punycode (RFC 6454, section 4), and the port
// where it is not that of the scheme.
func originOf(raw string) (*url.URL, error) {
	given, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: it can't be read", errOrigin) // the error quotes what may hold a password
	case strings.Contains(raw, "*"):
		return nil, fmt.Errorf("%w: a wildcard lets everybody in; list each whole", errOrigin)
	case given.Scheme != "http" && given.Scheme != "https":
		return nil, fmt.Errorf("%w: it begins with neither https:// nor http://", errOrigin)
	case given.User != nil || strings.Trim(given.Path, "/") != "" || given.RawQuery != "" || given.Fragment != "":
		return nil, fmt.Errorf("%w: leave out what is neither scheme nor host nor port", errOrigin)
	}
	host, err := asciiHost(given.Hostname())
	if err != nil {
		return nil, err
	}
	port := given.Port()
	if n, err := strconv.ParseUint(port, 10, 16); port != "" && (err != nil || n == 0) && port != "0" {
		return nil, fmt.Errorf("%w: a port is a number up to 65535", errOrigin)
	}
	if port == map[string]string{"http": "80", "https": "443"}[given.Scheme] {
		port = ""
	}
	return &url.URL{Scheme: given.Scheme, Host: withPort(host, port)}, nil
}

var hostName = regexp.MustCompile(`^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$`)

// asciiHost is a host as it stands in an origin, IPv6 in brackets.
func asciiHost(host string) (string, error) {
	if address, err := netip.ParseAddr(host); err == nil && address.Zone() == "" {
		if address.Is6() {
			return "[" + address.String() + "]", nil
		}
		return address.String(), nil
	}
	name, err := idna.Lookup.ToASCII(host)
	if err != nil {
		name = strings.ToLower(host) // an underscore is no letter of a name, and yet there are hosts with it
	}
	if !hostName.MatchString(name) {
		return "", fmt.Errorf("%w: %q is no name of a host", errOrigin, host)
	}
	return name, nil
}
