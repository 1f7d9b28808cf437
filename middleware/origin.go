package middleware

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// allowOrigin holds the request's Origin (RFC 6454, section 7) against the list,
// whole and byte for byte. It returns the accepted origin, empty when the
// request has none.
//
// The request's Host plays no part: under DNS rebinding it is the attacker's.
func (a *Auth) allowOrigin(r *http.Request) (string, bool) {
	switch values := r.Header["Origin"]; len(values) {
	case 0:
		site := r.Header.Get("Sec-Fetch-Site") // a veto where browsers send it, never a requirement
		return "", site == "" || site == "same-origin" || site == "none"
	case 1:
		_, listed := a.origins[values[0]]
		return values[0], listed
	default:
		return "", false
	}
}

// parseOrigins checks that each entry is a serialised origin as browsers send it.
func parseOrigins(list []string) (map[string]struct{}, error) {
	origins := make(map[string]struct{}, len(list))
	for _, origin := range list {
		if origin != "null" {
			if err := checkOrigin(origin); err != nil {
				return nil, err
			}
		}
		origins[origin] = struct{}{}
	}
	return origins, nil
}

func checkOrigin(origin string) error {
	if strings.Contains(origin, "*") {
		return fmt.Errorf("%w: the origin %q is a wildcard; list each origin whole, such as https://app.example.com", ErrConfig, origin)
	}
	parsed, err := url.Parse(origin)
	if err != nil || parsed.Host == "" || (parsed.Scheme != "https" && parsed.Scheme != "http") {
		return fmt.Errorf("%w: %q is no origin; write scheme and host, such as https://app.example.com", ErrConfig, origin)
	}
	want := parsed.Scheme + "://" + strings.ToLower(parsed.Host)
	want = strings.TrimSuffix(want, map[string]string{"https": ":443", "http": ":80"}[parsed.Scheme])
	if origin != want {
		return fmt.Errorf("%w: browsers send the origin %q as %q; list it in that form", ErrConfig, origin, want)
	}
	return nil
}
