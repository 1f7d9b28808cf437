package middleware

import (
	"net/url"
	"strings"
)

// chosen is the one credential that decides.
type chosen struct {
	kind    kind
	token   string
	ambient string // the cookie beside an explicit credential, empty for none
}

// choose finds the one credential that decides: exactly one explicit one, else
// the cookie. It never tries a second one when the first is refused.
func (a *Auth) choose(carried *carried) (chosen, *refusal) { return a.chooseFrom(carried, a.header) }

// chooseFrom does so where headers may count although they are no carrier of
// the socket.
func (a *Auth) chooseFrom(carried *carried, headers bool) (chosen, *refusal) {
	explicit, refused := a.explicit(carried, headers)
	if refused != nil {
		return chosen{}, refused
	}
	cookie := ""
	switch len(carried.cookies) {
	case 0:
	case 1:
		cookie = carried.cookies[0]
	default:
		return chosen{}, refuse(ErrAmbiguous, "two_cookies")
	}
	if explicit.kind == "" {
		if cookie == "" {
			return chosen{}, refuse(ErrMissing, "credential_missing")
		}
		return a.fits(chosen{kind: kindCookie, token: cookie})
	}
	explicit.ambient = cookie
	return a.fits(explicit)
}

// explicit counts the credentials that a page or client presents on purpose.
// kind is empty where there is none.
func (a *Auth) explicit(carried *carried, headers bool) (chosen, *refusal) {
	var found []chosen
	if headers {
		for i, value := range carried.headers {
			found = append(found, chosen{kind: kindHeader, token: cutPrefix(value, carried.headerFrom[i].prefix)})
		}
	}
	for _, list := range []struct {
		kind kind
		raw  []string
	}{{kindQuery, carried.queries}, {kindTicket, carried.tickets}} {
		for _, raw := range list.raw {
			value, err := url.QueryUnescape(raw)
			if err != nil {
				return chosen{}, refuse(ErrCredential, "query_encoding")
			}
			if value != "" {
				found = append(found, chosen{kind: list.kind, token: value})
			}
		}
	}
	for _, encoded := range carried.bearers {
		found = append(found, chosen{kind: kindSubprotocol, token: encoded})
	}
	switch len(found) {
	case 0:
		return chosen{}, nil
	case 1:
		return a.readable(found[0], carried)
	}
	return chosen{}, refuse(ErrAmbiguous, "two_credentials").between(found[0].kind, found[1].kind)
}

func (a *Auth) readable(one chosen, carried *carried) (chosen, *refusal) {
	if one.kind != kindSubprotocol {
		return one, nil
	}
	if !a.subprotocol {
		return chosen{}, refuse(ErrCredential, "carrier_off")
	}
	if !carried.subprotocol {
		return chosen{}, refuse(ErrMalformed, "subprotocol_alone")
	}
	if len(one.token) > 2*a.config.MaxTokenBytes {
		return chosen{}, refuse(ErrCredential, "token_too_long")
	}
	token, ok := decodeBearer(one.token)
	if !ok {
		return chosen{}, refuse(ErrCredential, "subprotocol_encoding")
	}
	one.token = token
	return one, nil
}

func (a *Auth) fits(one chosen) (chosen, *refusal) {
	if len(one.token) > a.config.MaxTokenBytes {
		return chosen{}, refuse(ErrCredential, "token_too_long")
	}
	return one, nil
}

// cutPrefix reads a header's token as echo-jwt does: the prefix in any case, and
// nothing where it is missing.
func cutPrefix(value, prefix string) string {
	if len(value) < len(prefix) || !strings.EqualFold(value[:len(prefix)], prefix) {
		return ""
	}
	return value[len(prefix):]
}
