package middleware_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/middleware"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// route is a server with one handler, and the request that opens it.
type route struct {
	e       *echo.Echo
	request func() *http.Request
}

func (r route) open(tb testing.TB) {
	if got := r.serve(); got != http.StatusOK {
		tb.Fatalf("status: got %d, want 200", got)
	}
}

func (r route) serve() int {
	recorder := &discard{header: http.Header{}}
	r.e.ServeHTTP(recorder, r.request())
	return recorder.status
}

// discard is the cheapest response, so that what is measured is the guard.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }

func handshakeWith(change func(*http.Request)) func() *http.Request {
	return func() *http.Request {
		request := httptest.NewRequest(http.MethodGet, "/ws", nil)
		for name, value := range map[string]string{
			"Upgrade": "websocket", "Connection": "Upgrade", "Sec-Websocket-Version": "13", "Sec-Websocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
		} {
			request.Header[name] = []string{value}
		}
		change(request)
		return request
	}
}

func alone(tb testing.TB, token string) route {
	tb.Helper()
	e := echo.New()
	e.GET("/ws", func(c echo.Context) error { return c.NoContent(http.StatusOK) }, echojwt.WithConfig(echojwt.Config{SigningKey: key}))
	return route{e, handshakeWith(header("Authorization", "Bearer "+token))}
}

func guarded(tb testing.TB, change func(*http.Request)) route {
	tb.Helper()
	auth, err := middleware.New(middleware.Config{
		JWT:      echojwt.Config{SigningKey: key},
		Carriers: []middleware.Carrier{middleware.Header(), middleware.Cookie("session"), middleware.Query("token"), middleware.Subprotocol()},
		Origins:  []string{origin},
		Logger:   quiet,
	})
	if err != nil {
		tb.Fatal(err)
	}
	e := echo.New()
	e.GET("/ws", func(c echo.Context) error { return c.NoContent(http.StatusOK) }, auth.Upgrade())
	return route{e, handshakeWith(change)}
}

// carriersWith are the ways in which one token can travel.
func carriersWith(token string) map[string]func(*http.Request) {
	return map[string]func(*http.Request){
		"header": header("Authorization", "Bearer "+token),
		"cookie": func(r *http.Request) {
			r.Header["Cookie"], r.Header["Origin"] = []string{"session=" + token}, []string{origin}
		},
		"query":       query("token=" + token),
		"subprotocol": header("Sec-WebSocket-Protocol", "yodel, "+bearer(token)),
	}
}

// BenchmarkGuard measures echo-jwt alone and the guard in turns, in the same
// run, and reports what the guard adds.
func BenchmarkGuard(b *testing.B) {
	token := sign(b, key, claims("alice"))
	bare := alone(b, token)
	for name, carry := range carriersWith(token) {
		b.Run(name, func(b *testing.B) {
			ours := guarded(b, carry)
			ours.open(b)
			bare.open(b)
			b.ReportMetric(extraAllocations(bare, ours), "extra-allocs/op")
			var spent [2]float64
			for b.Loop() {
				for i, r := range []route{bare, ours} {
					request, recorder := r.request(), &discard{header: http.Header{}}
					began := now()
					r.e.ServeHTTP(recorder, request)
					spent[i] += now() - began
				}
			}
			b.ReportMetric(spent[0]/float64(b.N), "echo-jwt-ns/op")
			b.ReportMetric(spent[1]/float64(b.N), "guard-ns/op")
			b.ReportMetric((spent[1]-spent[0])/float64(b.N), "extra-ns/op")
		})
	}
}

// extraAllocations subtracts what building each request costs.
func extraAllocations(bare, ours route) float64 {
	count := func(r route) float64 {
		return testing.AllocsPerRun(200, func() { r.serve() }) - testing.AllocsPerRun(200, func() { r.request() })
	}
	return count(ours) - count(bare)
}

// TestCostsFewAllocations holds the guard to its budget beside echo-jwt alone.
func TestCostsFewAllocations(t *testing.T) {
	const budget = 15
	token := sign(t, key, claims("alice"))
	bare := alone(t, token)
	for name, carry := range carriersWith(token) {
		if got := extraAllocations(bare, guarded(t, carry)); got > budget {
			t.Errorf("%s: %v allocations more than echo-jwt alone, want at most %d", name, got, budget)
		}
	}
}

var epoch = time.Now()

// now is nanoseconds on the monotonic clock.
func now() float64 { return float64(time.Since(epoch)) }
