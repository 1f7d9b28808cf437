package realtime

import (
	"net/http"
	"net/textproto"
	"strings"

	"github.com/centrifugal/protocol"
)

// headersOf picks the headers of a connect that the application has listed; a
// client that can't set HTTP headers may send some there. Names are compared
// without regard to case (RFC 9110, section 5.1), the same name twice is a bad
// request.
func (h *Hub) headersOf(in *protocol.ConnectRequest) (http.Header, error) {
	if len(in.Headers) == 0 || len(h.config.ConnectHeaders) == 0 {
		return nil, nil
	}
	found := http.Header{}
	for name, value := range in.Headers {
		name = textproto.CanonicalMIMEHeaderKey(name)
		for _, listed := range h.config.ConnectHeaders {
			if name != textproto.CanonicalMIMEHeaderKey(listed) {
				continue
			}
			if found[name] != nil || strings.ContainsAny(value, "\r\n\x00") {
				return nil, CloseBadRequest
			}
			found[strings.Clone(name)] = []string{strings.Clone(value)}
		}
	}
	return found, nil
}

const authorization = "Authorization"

// credentialOf is the one token of a connect: from its own field, or from an
// Authorization header where the application has listed that. Both are one too
// many. The header is a credential and nothing else: it is taken out of those
// that the application gets to see.
func credentialOf(in *protocol.ConnectRequest, headers http.Header) (token string, err error) {
	value := headers.Get(authorization)
	if _, present := headers[authorization]; !present {
		return in.Token, nil
	}
	headers.Del(authorization)
	scheme, token, _ := strings.Cut(value, " ")
	token = strings.TrimLeft(token, " ")
	if in.Token != "" || !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " ,") {
		return "", CloseBadRequest
	}
	return token, nil
}
