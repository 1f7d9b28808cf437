package middleware

import "context"

// passage is one request's way through the guard. It travels in the request's
// context under a private key; raw credentials are dropped from it before the
// next handler runs.
type passage struct {
	carried  *carried  // nil when nothing was presented, or all is forgotten
	token    [1]string // the one token under judgement
	verified bool      // the app's SuccessHandler stage was reached
	ran      bool      // the app's middleware called its next handler

	admitted  bool
	principal Principal
	snapshot  *snapshot // where messages can carry tokens
}

// carried is what the client presented, moved out of the request unread.
type carried struct {
	headers     []string // values of the app's token headers, prefix included
	headerFrom  []headerSource
	queries     []string // raw values, percent-encoded
	tickets     []string // raw values, percent-encoded
	bearers     []string // encoded tokens of bearer subprotocol entries
	subprotocol bool     // a real subprotocol stood beside them
	cookies     []string
}

type passageKey struct{}

func passageFrom(ctx context.Context) *passage {
	p, _ := ctx.Value(passageKey{}).(*passage)
	return p
}

// lifted is where what the client presented is put.
func (p *passage) lifted() *carried {
	if p.carried == nil {
		p.carried = new(carried)
	}
	return p.carried
}

// forget drops every raw credential.
func (p *passage) forget() {
	p.carried = nil
	p.token[0] = ""
}
