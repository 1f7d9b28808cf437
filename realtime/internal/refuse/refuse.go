// Package refuse answers requests that are not upgraded, in the same words for the
// hub and the plain handler.
package refuse

import (
	"encoding/json"
	"log/slog"
	"net/http"

	"github.com/yodelrt/yodel/realtime/internal/conns"
)

// Unauthorized answers a request without a principal.
func Unauthorized(w http.ResponseWriter, r *http.Request, logger *slog.Logger) {
	logger.Error("a socket route was reached without a principal; mount its guard in front", "path", r.URL.Path)
	answer(w, http.StatusUnauthorized, "unauthorized", "A valid credential is required.")
}

// Misdeclared answers every request where a declaration was wrong.
func Misdeclared(w http.ResponseWriter, logger *slog.Logger, err error) {
	logger.Error("nobody is served: a declaration was wrong", "error", err)
	answer(w, http.StatusInternalServerError, "internal", "The server is not set up correctly.")
}

// Unavailable answers a request that may be tried again later.
func Unavailable(w http.ResponseWriter) { retry(w, http.StatusServiceUnavailable, "unavailable") }

// Full answers an upgrade that a bound refuses.
func Full(w http.ResponseWriter, by conns.Limit) {
	if by == conns.PerAddress || by == conns.PendingPerAddress {
		retry(w, http.StatusTooManyRequests, "too_many_requests")
		return
	}
	Unavailable(w)
}

func retry(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Retry-After", "5")
	answer(w, status, code, "Try again later.")
}

func answer(w http.ResponseWriter, status int, code, message string) {
	body, _ := json.Marshal(map[string]any{"error": map[string]string{"code": code, "message": message}})
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// PendingErrors are why a pending connection is not admitted.
type PendingErrors struct{ PerAddress, Total, Closed error }

// Of is the error of a bound, nil where there is room.
func (e PendingErrors) Of(by conns.Limit) error {
	switch by {
	case conns.None:
		return nil
	case conns.PendingPerAddress:
		return e.PerAddress
	case conns.Draining:
		return e.Closed
	}
	return e.Total
}
