package middleware

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Scrub moves credentials out of a request before anything else can read or log
// them: tracing, Echo's Pre middleware, handlers of unguarded paths. Mount it
// outermost, around the whole server:
//
//	server := &http.Server{Handler: auth.Scrub(e)}
//
// On WebSocket handshakes it takes every carrier of this Auth; [Auth.Upgrade]
// finds the values in the request's context. On other requests it takes what a
// socket client may have left in the URL or in Sec-WebSocket-Protocol, and
// leaves headers and cookies alone, which the app's HTTP routes need.
//
// The request is changed in place. Safe for concurrent use.
func (a *Auth) Scrub(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !wantsWebSocket(r) {
			var left carried
			a.liftQuery(r, &left, a.strayQueries)
			liftSubprotocol(r, &left)
			next.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, a.begin(r))
	})
}

// begin lifts the credentials out of the request and returns it with the
// passage in its context. It may be called more than once for a request.
func (a *Auth) begin(r *http.Request) *http.Request {
	p := passageFrom(r.Context())
	known := p != nil
	if !known {
		p = new(passage)
	}
	into := p.lifted()
	a.liftHeaders(r, into)
	a.liftQuery(r, into, a.queries)
	liftSubprotocol(r, into)
	a.liftCookies(r, into, a.cookieCarriers)
	if known {
		return r
	}
	return r.WithContext(context.WithValue(r.Context(), passageKey{}, p))
}

func (a *Auth) liftHeaders(r *http.Request, into *carried) {
	for _, source := range a.lookup.headers {
		for _, value := range r.Header[source.name] {
			into.headers = append(into.headers, value)
			into.headerFrom = append(into.headerFrom, source)
		}
		delete(r.Header, source.name)
	}
	delete(r.Header, "Authorization")
}

// liftQuery takes the parameters of these names out of URL and RequestURI.
// Values stay percent-encoded: they are read only when they are judged.
func (a *Auth) liftQuery(r *http.Request, into *carried, names []string) {
	if r.URL.RawQuery == "" || len(names) == 0 {
		return
	}
	var kept []string
	lifted := false
	for pair := range strings.SplitSeq(r.URL.RawQuery, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if name, err := url.QueryUnescape(key); err == nil && slices.Contains(names, name) {
			lifted = true
			switch {
			case name == ticketParameter:
				into.tickets = append(into.tickets, value)
			case slices.Contains(a.queryCarriers, name):
				into.queries = append(into.queries, value)
			}
			continue
		}
		kept = append(kept, pair)
	}
	if !lifted {
		return
	}
	r.URL.RawQuery = strings.Join(kept, "&")
	path, _, _ := strings.Cut(r.RequestURI, "?")
	if r.RequestURI = path; r.URL.RawQuery != "" {
		r.RequestURI += "?" + r.URL.RawQuery
	}
}

// liftCookies takes the app's token cookies out of the Cookie header, keeps the
// values of those to read, and leaves the others as they were sent.
func (a *Auth) liftCookies(r *http.Request, into *carried, read []string) {
	lines := r.Header["Cookie"]
	if len(lines) == 0 || len(a.cookies) == 0 {
		return
	}
	for _, name := range read {
		for _, cookie := range r.CookiesNamed(name) {
			into.cookies = append(into.cookies, cookie.Value)
		}
	}
	var kept []string
	for _, line := range lines {
		for pair := range strings.SplitSeq(line, ";") {
			pair = strings.TrimSpace(pair)
			name, _, _ := strings.Cut(pair, "=")
			if pair != "" && !slices.Contains(a.cookies, strings.TrimSpace(name)) {
				kept = append(kept, pair)
			}
		}
	}
	if len(kept) == 0 {
		delete(r.Header, "Cookie")
		return
	}
	r.Header["Cookie"] = []string{strings.Join(kept, "; ")}
}
