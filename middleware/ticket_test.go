package middleware_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/middleware"
)

// window is a door that issues tickets as well.
type window struct {
	*door
	store middleware.TicketStore
}

func newWindow(t *testing.T, change func(*middleware.Config)) *window {
	t.Helper()
	w := &window{store: middleware.NewMemoryTickets(0, 0)}
	w.door = newDoor(t, func(c *middleware.Config) {
		c.Carriers = append(c.Carriers, middleware.Ticket(w.store))
		c.Routes = []string{"/ws", "/ws/other"}
		if change != nil {
			change(c)
		}
	})
	w.e.POST("/api/ws/ticket", w.auth.IssueTicket())
	w.e.GET("/ws/other", func(c echo.Context) error { return c.NoContent(http.StatusOK) }, w.auth.Upgrade())
	return w
}

// mint asks for a ticket.
func (w *window) mint(body string, change func(*http.Request)) *httptest.ResponseRecorder {
	w.t.Helper()
	request := httptest.NewRequest(http.MethodPost, "/api/ws/ticket", strings.NewReader(body))
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	change(request)
	recorder := httptest.NewRecorder()
	w.e.ServeHTTP(recorder, request)
	return recorder
}

func (w *window) ticket(body string, change func(*http.Request)) string {
	w.t.Helper()
	answer := w.mint(body, change)
	var minted middleware.Minted
	if err := json.Unmarshal(answer.Body.Bytes(), &minted); answer.Code != http.StatusOK || err != nil || len(minted.Ticket) != 43 {
		w.t.Fatalf("mint: got %d %s, %v, want a ticket", answer.Code, answer.Body, err)
	}
	return minted.Ticket
}

func TestMintsForWhomTheHTTPRouteLetsIn(t *testing.T) {
	alice, bob := sign(t, key, claims("alice")), sign(t, key, claims("bob"))
	byHeader := header("Authorization", "Bearer "+alice)
	for _, test := range []struct {
		name   string
		body   string
		change func(*http.Request)
		want   int
	}{
		{"by header", "", byHeader, 200},
		{"by cookie from a listed origin", `{"route":"/ws"}`, cookie("session=" + alice), 200},
		{"by a cookie that the app's TokenLookup names as well", "", cookie("session=" + alice), 200},
		{"another guarded route", `{"route":"/ws/other"}`, byHeader, 200},
		{"H075 nobody", "", header("X"), 401},
		{"H075 a bad token", "", header("Authorization", "Bearer bad"), 401},
		{"H075 by cookie without an origin", "", header("Cookie", "session="+alice), 403},
		{"H075 cross-site", "", all(header("Cookie", "session="+alice), header("Origin", "https://evil.example")), 403},
		{"by header from another origin", "", all(byHeader, header("Origin", "https://evil.example")), 403},
		{"H034 her token beside his cookie", "", all(byHeader, cookie("session="+bob)), 400},
		{"H039 two tokens", "", header("Authorization", "Bearer "+alice, "Bearer "+bob), 400},
		{"a route without a guard", `{"route":"/api/me"}`, byHeader, 400},
		{"not JSON", `route=/ws`, byHeader, 400},
		{"H223 another content type", `{"route":"/ws"}`, all(byHeader, header("Content-Type", "text/plain")), 415},
		{"a body beyond all measure", `{"route":"` + strings.Repeat("x", 5000) + `"}`, byHeader, 400},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWindow(t, func(c *middleware.Config) { c.JWT.TokenLookup = "header:Authorization:Bearer ,cookie:session" })
			answer := w.mint(test.body, test.change)
			if answer.Code != test.want {
				t.Errorf("status: got %d %s, want %d", answer.Code, answer.Body, test.want)
			}
			if got := answer.Header().Get("Cache-Control"); got != "no-store" {
				t.Errorf("H075 Cache-Control: got %q, want no-store", got)
			}
			if strings.Contains(w.log.String(), "eyJ") {
				t.Errorf("a token stands in the log: %s", w.log)
			}
		})
	}
	t.Run("H075 by GET", func(t *testing.T) {
		w := newWindow(t, nil)
		w.e.GET("/api/ws/ticket", w.auth.IssueTicket())
		request := httptest.NewRequest(http.MethodGet, "/api/ws/ticket", nil)
		recorder := httptest.NewRecorder()
		w.e.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusMethodNotAllowed || recorder.Header().Get("Allow") != http.MethodPost {
			t.Errorf("GET: got %d, Allow %q", recorder.Code, recorder.Header().Get("Allow"))
		}
	})
}

func TestRedeems(t *testing.T) {
	alice := sign(t, key, claims("alice"))
	w := newWindow(t, nil)
	w.want(w.knock(query("room=1&ticket="+w.ticket("", header("Authorization", "Bearer "+alice)))), 200)
	w.wantScrubbed("ticket")
	if strings.Contains(w.reached.RequestURI, "ticket") {
		t.Errorf("RequestURI: got %s", w.reached.RequestURI)
	}
}

func TestTicketsAreBound(t *testing.T) {
	alice, bob := sign(t, key, claims("alice")), sign(t, key, claims("bob"))
	elsewhere := claims("alice")
	elsewhere["sid"] = "another session"
	byHeader, byCookie := header("Authorization", "Bearer "+alice), cookie("session="+alice)
	for _, test := range []struct {
		name   string
		change func(*middleware.Config)
		body   string
		mint   func(*http.Request)
		redeem func(*http.Request)
		want   int
	}{
		{"minted without an origin: none", nil, "", byHeader, header("X"), 200},
		{"minted without an origin: a listed one", nil, "", byHeader, header("Origin", origin), 200},
		{"minted without an origin: an unlisted one", nil, "", byHeader, header("Origin", "https://evil.example"), 403},
		{"minted on a page: the same origin", nil, "", byCookie, header("Origin", origin), 200},
		{"H084 minted on a page: another listed origin", func(c *middleware.Config) { c.Origins = append(c.Origins, "https://b.example.com") }, "", byCookie, header("Origin", "https://b.example.com"), 403},
		{"minted on a page: no origin", nil, "", byCookie, header("X"), 403},
		{"another route", nil, `{"route":"/ws/other"}`, byHeader, header("X"), 401},
		{"H081 beside bob's cookie", nil, "", byHeader, cookie("session=" + bob), 400},
		{"H081 beside her cookie of another session", nil, "", byHeader, cookie("session=" + sign(t, key, elsewhere)), 400},
		{"beside her own cookie", nil, "", byHeader, byCookie, 200},
		{"H036 beside a token", nil, "", byHeader, byHeader, 400},
		{"H085 from another address", nil, "", byHeader, func(r *http.Request) { r.RemoteAddr = "198.51.100.7:1" }, 200},
		{"H085 from another address, strictly", func(c *middleware.Config) { c.TicketSameAddress = true }, "", byHeader, func(r *http.Request) { r.RemoteAddr = "198.51.100.7:1" }, 403},
		{"one that needs a first message", nil, `{"first_message":true}`, byHeader, header("X"), 401},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWindow(t, test.change)
			ticket := w.ticket(test.body, test.mint)
			w.want(w.knock(all(query("ticket="+ticket), test.redeem)), test.want)
			if test.want != 200 && test.want != 400 && strings.Contains(w.log.String(), ticket) {
				t.Error("the ticket stands in the log")
			}
			if strings.Contains(test.name, "H085") && !strings.Contains(w.log.String(), "another") {
				t.Errorf("H085: not logged: %s", w.log)
			}
		})
	}
}

func TestATicketIsWorthNothingWhenItsTokenMeansSomebodyElse(t *testing.T) {
	meant := middleware.Principal{UserID: "alice", SessionID: "s1", ExpiresAt: time.Now().Add(time.Hour)}
	w := newWindow(t, func(c *middleware.Config) {
		c.Principal = func(echo.Context) (middleware.Principal, error) { return meant, nil }
	})
	byHeader := header("Authorization", "Bearer "+sign(t, key, claims("alice")))
	for _, change := range []func(){func() { meant.UserID = "bob" }, func() { meant.UserID, meant.SessionID = "alice", "s2" }} {
		meant.UserID, meant.SessionID = "alice", "s1"
		ticket := w.ticket("", byHeader)
		change()
		w.want(w.knock(query("ticket="+ticket)), 401)
	}
}

func TestTicketsServeOnce(t *testing.T) {
	byHeader := header("Authorization", "Bearer "+sign(t, key, claims("alice")))
	t.Run("H076 replay", func(t *testing.T) {
		w := newWindow(t, nil)
		w.t = t
		ticket := w.ticket("", byHeader)
		w.want(w.knock(query("ticket="+ticket)), 200)
		w.want(w.knock(query("ticket="+ticket)), 401) // H092: one 401, then a new ticket
		if !strings.Contains(w.log.String(), "reason=ticket_reused") || strings.Contains(w.log.String(), ticket) {
			t.Errorf("log: %s", w.log)
		}
		w.want(w.knock(query("ticket="+w.ticket("", byHeader))), 200)
	})
	t.Run("H089 refused for another reason, still unused", func(t *testing.T) {
		full := true
		w := newWindow(t, func(c *middleware.Config) {
			c.Admit = func(*http.Request) error {
				if full {
					return errors.New("full")
				}
				return nil
			}
		})
		w.t = t
		use := query("ticket=" + w.ticket("", byHeader))
		w.want(w.knock(use), 503) // H029, H030: not spent
		full = false
		w.want(w.knock(all(use, header("Origin", "https://evil.example"))), 403)
		w.want(w.knock(all(use, header("Upgrade"))), 426) // H017: not spent
		w.want(w.knock(all(use, byHeader)), 400)
		w.want(w.knock(use), 200)
	})
	t.Run("H077 two hundred at once", func(t *testing.T) {
		w := newWindow(t, nil)
		for range 5 {
			use, opened := "/ws?ticket="+w.ticket("", byHeader), atomic.Int32{}
			var group sync.WaitGroup
			for range 200 {
				group.Go(func() {
					recorder := httptest.NewRecorder()
					w.serveApart(recorder, use)
					switch recorder.Code {
					case http.StatusOK:
						opened.Add(1)
					case http.StatusUnauthorized:
					default:
						t.Errorf("status: got %d, want 200 or 401", recorder.Code)
					}
				})
			}
			group.Wait()
			if n := opened.Load(); n != 1 {
				t.Errorf("opened: got %d, want 1", n)
			}
		}
	})
}

// serveApart knocks without noting what was reached, so that many may at once.
func (w *window) serveApart(recorder http.ResponseWriter, target string) {
	request := httptest.NewRequest(http.MethodGet, target, nil)
	for name, value := range map[string]string{
		"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
	} {
		request.Header.Set(name, value)
	}
	e := echo.New()
	e.GET("/ws", func(c echo.Context) error { return c.NoContent(http.StatusOK) }, w.auth.Upgrade())
	e.ServeHTTP(recorder, request)
}

func TestTicketsEndWithWhatTheyStandFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		revoked := false
		w := newWindow(t, func(c *middleware.Config) {
			c.Check = func(context.Context, middleware.Principal) error {
				if revoked {
					return errors.New("signed out")
				}
				return nil
			}
		})
		byHeader := header("Authorization", "Bearer "+sign(t, key, claims("alice")))
		late := query("ticket=" + w.ticket("", byHeader))
		time.Sleep(30 * time.Second)
		w.want(w.knock(late), 401) // H093: a ticket does not outlive its half minute

		soon := claims("alice")
		soon["exp"] = time.Now().Add(10 * time.Second).Unix()
		short := query("ticket=" + w.ticket("", header("Authorization", "Bearer "+sign(t, key, soon))))
		time.Sleep(11 * time.Second)
		w.want(w.knock(short), 401) // nor its token

		signedOut := query("ticket=" + w.ticket("", byHeader)) // H082_minted_then_logged_out
		revoked = true
		w.want(w.knock(signedOut), 401)
		revoked = false
		dropped := query("ticket=" + w.ticket("", byHeader))
		if err := w.auth.DropTickets(t.Context(), "s-alice"); err != nil {
			t.Fatal(err)
		}
		w.want(w.knock(dropped), 401)
		w.want(w.knock(query("ticket="+w.ticket("", byHeader))), 200)
		if w.who.ExpiresAt.IsZero() { // H083: the socket ends with its token
			t.Error("H083: the principal has no end")
		}
	})
}

func TestH086_guesses_are_slowed_down(t *testing.T) {
	w := newWindow(t, nil)
	statuses := map[int]int{}
	for range 200 {
		statuses[w.knock(query("ticket="+strings.Repeat("A", 43))).Code]++
	}
	if statuses[401] < 60 || statuses[429] < 100 || len(statuses) != 2 {
		t.Errorf("statuses: got %v, want some 401 and then 429", statuses)
	}
	elsewhere := func(r *http.Request) { r.RemoteAddr = "198.51.100.7:1" }
	w.want(w.knock(all(query("ticket="+w.ticket("", header("Authorization", "Bearer "+sign(t, key, claims("alice"))))), elsewhere)), 200)
}

func TestH090_a_session_has_ten_open_tickets(t *testing.T) {
	w := newWindow(t, nil)
	byHeader := header("Authorization", "Bearer "+sign(t, key, claims("alice")))
	last := ""
	for range 10 {
		last = w.ticket("", byHeader)
	}
	answer := w.mint("", byHeader)
	if answer.Code != http.StatusTooManyRequests || answer.Header().Get("Retry-After") == "" {
		t.Errorf("the eleventh: got %d, want 429 with Retry-After", answer.Code)
	}
	w.ticket("", header("Authorization", "Bearer "+sign(t, key, claims("bob"))))
	w.want(w.knock(query("ticket="+last)), 200)
	w.ticket("", byHeader)
}

// spy sees what a store is given.
type spy struct {
	middleware.TicketStore
	seen bytes.Buffer
}

func (s *spy) Put(ctx context.Context, id string, record []byte, session string, expires time.Time) (bool, error) {
	s.seen.WriteString(id + " ")
	s.seen.Write(record)
	return s.TicketStore.Put(ctx, id, record, session, expires)
}

func TestH091_a_store_learns_neither_ticket_nor_token(t *testing.T) {
	store := &spy{TicketStore: middleware.NewMemoryTickets(0, 0)}
	w := newWindow(t, func(c *middleware.Config) { c.Carriers[len(c.Carriers)-1] = middleware.Ticket(store) })
	token := sign(t, key, claims("alice"))
	ticket := w.ticket("", header("Authorization", "Bearer "+token))
	for _, secret := range []string{ticket, token, token[strings.LastIndexByte(token, '.')+1:], "s-alice"} {
		if strings.Contains(store.seen.String(), secret) {
			t.Errorf("the store was given %q", secret)
		}
	}
	if store.seen.Len() == 0 {
		t.Error("the store was given nothing")
	}
}

// broken is a store whose database is away.
type broken struct{ middleware.TicketStore }

var errAway = errors.New("database away")

func (broken) Put(context.Context, string, []byte, string, time.Time) (bool, error) {
	return false, errAway
}
func (broken) Peek(context.Context, string) ([]byte, bool, error) { return nil, false, errAway }

func TestH079_a_store_that_is_away_admits_nobody(t *testing.T) {
	w := newWindow(t, func(c *middleware.Config) { c.Carriers[len(c.Carriers)-1] = middleware.Ticket(broken{}) })
	if answer := w.mint("", header("Authorization", "Bearer "+sign(t, key, claims("alice")))); answer.Code != http.StatusServiceUnavailable {
		t.Errorf("mint: got %d, want 503", answer.Code)
	}
	w.want(w.knock(query("ticket="+strings.Repeat("A", 43))), 503)
}

func TestH094_a_ticket_is_no_token(t *testing.T) {
	w := newWindow(t, nil)
	ticket := w.ticket("", header("Authorization", "Bearer "+sign(t, key, claims("alice"))))
	w.want(w.knock(header("Authorization", "Bearer "+ticket)), 401)
	w.want(w.knock(query("token="+ticket)), 401)
	w.want(w.knock(cookie("session="+ticket)), 401)
	w.want(w.knock(header("Sec-WebSocket-Protocol", "yodel, "+bearer(ticket))), 401)
	w.want(w.knock(query("ticket="+sign(t, key, claims("alice")))), 401)
}

func TestH088_scrub_takes_tickets_from_any_path(t *testing.T) {
	w := newWindow(t, nil)
	seen := ""
	h := w.auth.Scrub(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r.RequestURI + r.URL.String() }))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/anywhere?ticket=once&a=1", nil))
	if strings.Contains(seen, "once") || !strings.Contains(seen, "a=1") {
		t.Errorf("what a logger in front sees: %s", seen)
	}
}

func TestH074_slow_key_lookup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDoor(t, func(c *middleware.Config) {
			c.JWT.KeyFunc = func(token *jwt.Token) (any, error) {
				if token.Header["kid"] == "slow" {
					time.Sleep(5 * time.Second)
				}
				return key, nil
			}
		})
		signed := jwt.NewWithClaims(jwt.SigningMethodHS256, claims("alice"))
		signed.Header["kid"] = "slow"
		slow, err := signed.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		d.want(d.knock(header("Authorization", "Bearer "+slow)), 503)
		d.want(d.knock(header("Authorization", "Bearer "+sign(t, key, claims("alice")))), 200)
		time.Sleep(5 * time.Second) // the lookup comes home
	})
}
