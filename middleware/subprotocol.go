package middleware

import (
	"encoding/base64"
	"net/http"
	"strings"
	"unicode/utf8"
)

// bearerPrefix opens the entry of Sec-WebSocket-Protocol that carries a token.
// The form is the one that Kubernetes' API server introduced for browsers
// (base64url.bearer.authorization.k8s.io), with Yodel's own name.
const bearerPrefix = "base64url.bearer.yodel."

const protocolHeader = "Sec-Websocket-Protocol" // in Go's canonical form

// liftSubprotocol takes bearer entries out of the header and leaves the real
// protocols for the next handler to negotiate.
func liftSubprotocol(r *http.Request, into *carried) {
	lines := r.Header[protocolHeader]
	if len(lines) == 0 {
		return
	}
	var kept []string
	found := false
	for _, line := range lines {
		for entry := range strings.SplitSeq(line, ",") {
			entry = strings.TrimSpace(entry)
			if encoded, ok := strings.CutPrefix(entry, bearerPrefix); ok {
				into.bearers = append(into.bearers, encoded)
				found = true
			} else if entry != "" {
				kept = append(kept, entry)
			}
		}
	}
	into.subprotocol = into.subprotocol || len(kept) > 0
	if !found {
		return
	}
	if len(kept) == 0 {
		delete(r.Header, protocolHeader)
		return
	}
	r.Header[protocolHeader] = []string{strings.Join(kept, ", ")}
}

// decodeBearer reads the token of a bearer entry: unpadded base64url, strict, of
// valid UTF-8. Go's decoder skips line breaks, which nobody encodes.
func decodeBearer(encoded string) (string, bool) {
	if strings.ContainsAny(encoded, "\r\n") {
		return "", false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil || !utf8.Valid(raw) {
		return "", false
	}
	return string(raw), true
}
