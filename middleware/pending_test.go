package middleware_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/middleware"
)

// porch is a route that lets connections in before they are anybody.
type porch struct {
	*window
	waiting middleware.Pending
	isNew   bool
	ctx     context.Context
	admit   error
}

func newPorch(t *testing.T, carriers ...middleware.Carrier) *porch {
	t.Helper()
	return newPorchWith(t, func(*middleware.Config) {}, carriers...)
}

func newPorchWith(t *testing.T, change func(*middleware.Config), carriers ...middleware.Carrier) *porch {
	t.Helper()
	p := &porch{window: newWindow(t, func(c *middleware.Config) {
		c.Routes = append(c.Routes, "/ws/pending")
		change(c)
	})}
	if carriers == nil {
		carriers = []middleware.Carrier{middleware.TwoStep(p.store)}
	}
	guard, err := p.auth.UpgradePending(middleware.PendingConfig{Carriers: carriers, Admit: func(string) error { return p.admit }})
	if err != nil {
		t.Fatal(err)
	}
	p.e.GET("/ws/pending", func(c echo.Context) error {
		p.reached, p.ctx = c.Request(), c.Request().Context()
		p.who, _ = middleware.PrincipalFrom(p.ctx)
		p.waiting, p.isNew = middleware.PendingFrom(p.ctx)
		return c.NoContent(http.StatusOK)
	}, guard)
	return p
}

// enter knocks at the pending route.
func (p *porch) enter(change func(*http.Request)) int {
	p.waiting, p.isNew, p.ctx = middleware.Pending{}, false, nil
	return p.knock(func(r *http.Request) {
		r.URL.Path, r.RequestURI = "/ws/pending", "/ws/pending"
		change(r)
	}).Code
}

func (p *porch) enterWithTicket() {
	p.t.Helper()
	ticket := p.ticket(`{"route":"/ws/pending","first_message":true}`, header("Authorization", "Bearer "+sign(p.t, key, claims("alice"))))
	if got := p.enter(query("ticket=" + ticket)); got != http.StatusOK || !p.isNew {
		p.t.Fatalf("enter: got %d, pending %v", got, p.isNew)
	}
}

func TestTwoStep(t *testing.T) {
	p := newPorch(t)
	p.enterWithTicket()
	if p.waiting.UserID != "alice" || p.waiting.SessionID != "s-alice" || p.waiting.Carrier != "two-step" || p.who.UserID != "" {
		t.Fatalf("pending: got %+v, principal %+v", p.waiting, p.who)
	}
	ctx, err := p.auth.VerifyMessage(p.ctx, sign(t, key, claims("alice")))
	if err != nil {
		t.Fatal(err)
	}
	who, ok := middleware.PrincipalFrom(ctx)
	if !ok || who.UserID != "alice" || who.Carrier != "two-step" {
		t.Errorf("principal: got %+v, %v", who, ok)
	}
	if _, still := middleware.PendingFrom(ctx); still {
		t.Error("still pending after the verdict")
	}
}

func TestFirstMessageRefused(t *testing.T) {
	other := claims("alice")
	other["sid"] = "another session"
	expired := claims("alice")
	expired["exp"] = time.Now().Add(-time.Hour).Unix()
	for _, test := range []struct {
		name  string
		token string
		want  error
	}{
		{"H101 garbage", "garbage", middleware.ErrCredential},
		{"H101 nothing", "", middleware.ErrCredential},
		{"H101 another key", sign(t, []byte(strings.Repeat("z9", 20)), claims("alice")), middleware.ErrCredential},
		{"H101 expired", sign(t, key, expired), middleware.ErrExpired},
		{"H103 another user", sign(t, key, claims("bob")), middleware.ErrMismatch},
		{"H104 another session", sign(t, key, other), middleware.ErrMismatch},
		{"H058 no exp", sign(t, key, jwt.MapClaims{"sub": "alice", "sid": "s-alice"}), middleware.ErrCredential},
		{"H040 too long", strings.Repeat("a", 9000), middleware.ErrCredential},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPorch(t)
			p.t = t
			p.enterWithTicket()
			ctx, err := p.auth.VerifyMessage(p.ctx, test.token)
			if !errors.Is(err, test.want) || ctx != nil {
				t.Errorf("verdict: got %v, want %v", err, test.want)
			}
			if _, err := p.auth.VerifyMessage(p.ctx, sign(t, key, claims("alice"))); !errors.Is(err, middleware.ErrAttempts) {
				t.Errorf("a second attempt: got %v, want %v", err, middleware.ErrAttempts)
			}
			if test.token != "" && strings.Contains(p.log.String(), test.token) {
				t.Error("the token stands in the log")
			}
			if strings.Contains(test.name, "another user") && !strings.Contains(p.log.String(), "reason=principal_mismatch") {
				t.Errorf("H103 log: %s", p.log)
			}
		})
	}
}

func TestWhoMayWait(t *testing.T) {
	alice := sign(t, key, claims("alice"))
	byHeader := header("Authorization", "Bearer "+alice)
	t.Run("without a credential only where FirstMessage is listed", func(t *testing.T) {
		p := newPorch(t)
		if got := p.enter(header("X")); got != http.StatusUnauthorized {
			t.Errorf("two-step alone: got %d, want 401", got)
		}
		p = newPorch(t, middleware.FirstMessage())
		if got := p.enter(header("X")); got != http.StatusOK || !p.isNew || p.waiting.Carrier != "first-message" {
			t.Errorf("first message: got %d, %+v", got, p.waiting)
		}
		if got := p.enter(header("Origin", "https://evil.example")); got != http.StatusForbidden {
			t.Errorf("first message from elsewhere: got %d, want 403", got)
		}
		if got := p.enter(query("token=bad")); got != http.StatusUnauthorized {
			t.Errorf("a bad token: got %d, want 401, not pending", got)
		}
	})
	t.Run("the usual carriers need no message", func(t *testing.T) {
		p := newPorch(t)
		if got := p.enter(byHeader); got != http.StatusOK || p.isNew || p.who.UserID != "alice" {
			t.Errorf("by header: got %d, pending %v, %+v", got, p.isNew, p.who)
		}
		ctx, err := p.auth.VerifyMessage(p.ctx, alice)
		if err != nil {
			t.Fatal(err)
		}
		if who, _ := middleware.PrincipalFrom(ctx); who.UserID != "alice" || who.Carrier != "header" {
			t.Errorf("H114 a refresh: got %+v, %v", who, err)
		}
		if _, err := p.auth.VerifyMessage(ctx, sign(t, key, claims("bob"))); !errors.Is(err, middleware.ErrMismatch) {
			t.Errorf("H115 a refresh by another user: got %v, want %v", err, middleware.ErrMismatch)
		}
	})
	t.Run("without carriers nobody waits, and refreshes are verified", func(t *testing.T) {
		p := newPorch(t, []middleware.Carrier{}...)
		if got := p.enter(header("X")); got != http.StatusUnauthorized {
			t.Errorf("without a credential: got %d, want 401", got)
		}
		ticket := p.ticket(`{"route":"/ws/pending","first_message":true}`, byHeader)
		if got := p.enter(query("ticket=" + ticket)); got == http.StatusOK {
			t.Error("a ticket for two-step: got 200, want a refusal")
		}
		if got := p.enter(byHeader); got != http.StatusOK || p.isNew {
			t.Fatalf("by header: got %d, pending %v", got, p.isNew)
		}
		if ctx, err := p.auth.VerifyMessage(p.ctx, alice); err != nil {
			t.Errorf("a refresh: got %v", err)
		} else if who, _ := middleware.PrincipalFrom(ctx); who.UserID != "alice" {
			t.Errorf("a refresh: got %+v, want alice", who)
		}
	})
	t.Run("H108 H109 no room, and the ticket is not spent", func(t *testing.T) {
		p := newPorch(t)
		use := query("ticket=" + p.ticket(`{"route":"/ws/pending","first_message":true}`, byHeader))
		p.admit = middleware.ErrTooMany
		if got := p.enter(use); got != http.StatusTooManyRequests {
			t.Errorf("from one address: got %d, want 429", got)
		}
		p.admit = errors.New("full")
		if got := p.enter(use); got != http.StatusServiceUnavailable {
			t.Errorf("in all: got %d, want 503", got)
		}
		p.admit = nil
		if got := p.enter(use); got != http.StatusOK {
			t.Errorf("then: got %d, want 200", got)
		}
	})
	if _, err := newWindow(t, nil).auth.VerifyMessage(t.Context(), alice); !errors.Is(err, middleware.ErrNotPending) {
		t.Errorf("a context of nobody: got %v, want %v", err, middleware.ErrNotPending)
	}
}

func TestUpgradePendingRefusesUnsafeSetUps(t *testing.T) {
	store := middleware.NewMemoryTickets(0, 0)
	free := func(string) error { return nil }
	for _, test := range []struct {
		name   string
		config middleware.PendingConfig
		says   string
	}{
		{"no bound", middleware.PendingConfig{Carriers: []middleware.Carrier{middleware.FirstMessage()}}, "Admit"},
		{"a carrier that needs no message", middleware.PendingConfig{Admit: free, Carriers: []middleware.Carrier{middleware.Header()}}, "header"},
		{"another store", middleware.PendingConfig{Admit: free, Carriers: []middleware.Carrier{middleware.TwoStep(store)}}, "one store"},
		{"no store", middleware.PendingConfig{Admit: free, Carriers: []middleware.Carrier{middleware.TwoStep(nil)}}, "store"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := newWindow(t, nil).auth.UpgradePending(test.config)
			if !errors.Is(err, middleware.ErrConfig) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want an error that names %q", err, test.says)
			}
		})
	}
}
