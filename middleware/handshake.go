package middleware

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// checkHandshake holds the request against RFC 6455, section 4.2.1, before
// anything is spent on it. HTTP/2 has no Upgrade (RFC 9113, section 8.6).
func checkHandshake(r *http.Request) *refusal {
	if r.Method != http.MethodGet {
		return refuse(ErrMethod, "method")
	}
	if r.ProtoMajor != 1 || !wantsWebSocket(r) {
		return refuse(ErrHandshake, "no_upgrade")
	}
	if versions := r.Header["Sec-Websocket-Version"]; len(versions) != 1 || versions[0] != "13" {
		return refuse(ErrHandshake, "version")
	}
	keys := r.Header["Sec-Websocket-Key"]
	if len(keys) != 1 || !isNonce(keys[0]) {
		return refuse(ErrHandshake, "handshake_key")
	}
	return nil
}

// isNonce reports whether key is base64 of 16 bytes, without decoding on the heap.
func isNonce(key string) bool {
	if len(key) != 24 {
		return false
	}
	var nonce [18]byte
	n, err := base64.StdEncoding.Decode(nonce[:], []byte(key))
	return err == nil && n == 16
}

func wantsWebSocket(r *http.Request) bool {
	return hasToken(r.Header["Upgrade"], "websocket") && hasToken(r.Header["Connection"], "upgrade")
}

// hasToken reports whether one of the comma-separated lists has the token, in
// any case.
func hasToken(lines []string, token string) bool {
	for _, line := range lines {
		for entry := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(entry), token) {
				return true
			}
		}
	}
	return false
}
