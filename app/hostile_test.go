package app_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/yodelrt/yodel/app"
)

var asJSON = http.Header{"Content-Type": {"application/json"}}

func TestHostileRequests(t *testing.T) {
	h := newHouse(t)
	alice := h.signedIn("alice")
	for _, test := range []struct {
		name, method, path, body string
		header                   http.Header
		want                     int
	}{
		{"H207 cross-site login", "POST", "/api/login", `{}`, http.Header{"Content-Type": {"application/json"}, "Origin": {"https://evil.example"}}, 403},
		{"H207 cross-site logout", "POST", "/api/logout", "", http.Header{"Origin": {"https://evil.example"}}, 403},
		{"H207 cross-site by Sec-Fetch-Site", "POST", "/api/logout", "", http.Header{"Sec-Fetch-Site": {"cross-site"}}, 403},
		{"H207 cross-site refresh", "POST", "/api/refresh", "", http.Header{"Origin": {"https://evil.example"}}, 403},
		{"H207 cross-site sign-out of devices", "DELETE", "/api/sessions", "", http.Header{"Origin": {"https://evil.example"}}, 403},
		{"H075 cross-site mint", "POST", "/api/ws/ticket", "", http.Header{"Origin": {"https://evil.example"}}, 403},
		{"H208 logout by GET", "GET", "/api/logout", "", nil, 405},
		{"H208 refresh by GET", "GET", "/api/refresh", "", nil, 405},
		{"H208 mint by GET", "GET", "/api/ws/ticket", "", nil, 405},
		{"H208 method override by header", "GET", "/api/logout", "", http.Header{"X-Http-Method-Override": {"POST"}}, 405},
		{"H208 method override by parameter", "GET", "/api/logout?_method=POST", "", nil, 405},
		{"H223 text/plain JSON", "POST", "/api/login", `{"username":"alice","password":"alice-yodel-demo"}`, http.Header{"Content-Type": {"text/plain"}}, 415},
		{"H223 no type", "POST", "/api/login", `{"username":"alice","password":"alice-yodel-demo"}`, nil, 415},
		{"H221 malformed JSON", "POST", "/api/login", `{"username":`, asJSON, 400},
		{"H221 two values", "POST", "/api/login", `{} {}`, asJSON, 400},
		{"H221 another type", "POST", "/api/login", `{"username":7}`, asJSON, 400},
		{"a body beyond all measure", "POST", "/api/login", `{"username":"` + strings.Repeat("x", 70_000) + `"}`, asJSON, 413},
		{"H224 SQL in the username", "POST", "/api/login", `{"username":"' OR 1=1 --","password":"x"}`, asJSON, 401},
		{"H224 SQL in the password", "POST", "/api/login", `{"username":"alice","password":"' OR '1'='1"}`, asJSON, 401},
		{"H224 SQL in an id", "DELETE", "/api/sessions/'%20OR%201=1%20--", "", nil, 404},
		{"H225 a role in the login body", "POST", "/api/login", `{"username":"alice","password":"alice-yodel-demo","role":"admin"}`, asJSON, 200},
		{"H219 dots", "GET", "/../../etc/passwd", "", nil, 404},
		{"H219 encoded dots", "GET", "/%2e%2e/%2e%2e/etc/passwd", "", nil, 404},
		{"H219 backslashes", "GET", "/..%5c..%5cetc%5cpasswd", "", nil, 404},
		{"H219 encoded slash under a guarded path", "GET", "/api%2fme", "", nil, 404},
		{"H232 pprof", "GET", "/debug/pprof/", "", nil, 404},
		{"H232 vars", "GET", "/debug/vars", "", nil, 404},
		{"H232 metrics", "GET", "/metrics", "", nil, 404},
		{"an unknown API path", "GET", "/api/nothing", "", nil, 404},
		{"H094 a ticket as a bearer token", "GET", "/api/me", "", http.Header{"Authorization": {"Bearer " + alice.ticket(`{"route":"/ws/demo"}`)}}, 401},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := alice
			if test.header.Get("Authorization") != "" || strings.Contains(test.name, "H225") {
				v = h.visitor()
			}
			v.t = t
			status, body := v.do(test.method, test.path, test.body, test.header)
			if status != test.want {
				t.Errorf("status: got %d %s, want %d", status, body, test.want)
			}
			for _, inside := range []string{"sqlite", "SQL", "goroutine", ".go:", "/work", "root:"} {
				if strings.Contains(body, inside) {
					t.Errorf("H221: the answer shows %q: %s", inside, body)
				}
			}
			if strings.Contains(test.name, "H225") && !strings.Contains(body, `"role":"member"`) {
				t.Errorf("role: got %s", body)
			}
		})
	}
	h.t = t
	if status, _ := alice.do(http.MethodGet, "/api/me", "", nil); status != http.StatusOK {
		t.Errorf("alice is signed out by what others sent: got %d", status)
	}
}

func TestH204_guessing_is_slowed_down(t *testing.T) {
	t.Run("one account", func(t *testing.T) {
		h := newHouse(t)
		wrong := map[string]string{"username": "alice", "password": "not her password"}
		statuses := map[int]int{}
		for range 15 {
			status, _ := h.visitor().post("/api/login", wrong)
			statuses[status]++
		}
		if statuses[401] != 10 || statuses[429] != 5 {
			t.Errorf("statuses: got %v, want 10 times 401, then 429", statuses)
		}
		if status, _ := h.visitor().post("/api/login", map[string]string{"username": "bob", "password": "bob-yodel-demo"}); status != http.StatusOK {
			t.Errorf("bob: got %d, want 200", status)
		}
	})
	t.Run("one password over many accounts", func(t *testing.T) {
		h := newHouse(t, func(c *app.Config) { c.LoginRate = 5 })
		last := 0
		for _, name := range strings.Fields("a b c d e f g h") {
			last, _ = h.visitor().post("/api/login", map[string]string{"username": name, "password": "Winter2026"})
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("the eighth: got %d, want 429", last)
		}
	})
	t.Run("from every address of one IPv6 network", func(t *testing.T) {
		h := newHouse(t, func(c *app.Config) { c.LoginRate, c.TrustedProxies = 5, []string{"127.0.0.1", "::1"} })
		attempt := func(address string) int {
			header := http.Header{"Content-Type": {"application/json"}, "X-Forwarded-For": {address}}
			status, _ := h.visitor().do(http.MethodPost, "/api/login", `{"username":"nobody","password":"a password"}`, header)
			return status
		}
		last := 0
		for i := range 8 {
			last = attempt(fmt.Sprintf("2001:db8:1:2::%x", i+1))
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("the eighth: got %d, want 429", last)
		}
		if status := attempt("2001:db8:1:3::1"); status != http.StatusUnauthorized {
			t.Errorf("a neighbour: got %d, want 401", status)
		}
	})
}

func TestH205_unknown_and_known_users_are_refused_alike(t *testing.T) {
	h := newHouse(t)
	knownStatus, known := h.visitor().post("/api/login", map[string]string{"username": "alice", "password": "not her password"})
	unknownStatus, unknown := h.visitor().post("/api/login", map[string]string{"username": "nobody", "password": "not her password"})
	if knownStatus != unknownStatus || known != unknown {
		t.Errorf("known: %d %s, unknown: %d %s", knownStatus, known, unknownStatus, unknown)
	}
}

func TestH187_password_flood(t *testing.T) {
	h := newHouse(t)
	conn := h.signedIn("bob").socket()
	h.next(conn, "welcome")
	var group sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for i := range 60 {
		group.Go(func() {
			status, _ := h.visitor().post("/api/login", map[string]string{"username": "user" + string(rune('a'+i%26)) + string(rune('a'+i/26)), "password": "a password"})
			mu.Lock()
			defer mu.Unlock()
			statuses[status]++
		})
	}
	h.say(conn, `{"type":"echo","data":1}`)
	h.next(conn, "echo")
	group.Wait()
	if statuses[401]+statuses[429] != 60 || statuses[429] == 0 {
		t.Errorf("statuses: got %v, want 401 and 429 alone", statuses)
	}
}

func TestHeaders(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"/", "/api/me", "/api/nothing"} {
		response, err := h.server.Client().Get(h.server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		policy := response.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "connect-src 'self' ws://"} {
			if !strings.Contains(policy, part) { // H216, H217
				t.Errorf("%s: the policy lacks %s: %s", path, part, policy)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
			t.Errorf("%s: the policy is %s", path, policy)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "Cache-Control": "no-store"} { // H218
			if got := response.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, h.server.URL+"/api/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Origin", "https://evil.example")
	request.Header.Set("Access-Control-Request-Method", "GET")
	response, err := h.server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	for name := range response.Header { // H222
		if strings.HasPrefix(name, "Access-Control-Allow") {
			t.Errorf("a foreign origin is told %s: %s", name, response.Header.Get(name))
		}
	}
}

func TestH236_files_of_the_data_directory_are_private(t *testing.T) {
	h := newHouse(t, func(c *app.Config) { c.JWTSecret = "" })
	for _, name := range []string{"yodel.db", "jwt.key"} {
		info, err := os.Stat(filepath.Join(h.data, name))
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s: mode %o, want 600", name, mode)
		}
		if status, body := h.visitor().do(http.MethodGet, "/"+name, "", nil); status != http.StatusNotFound {
			t.Errorf("%s over HTTP: got %d %.40s", name, status, body)
		}
	}
}

func TestUnsafeSettingsDoNotStart(t *testing.T) {
	weak := filepath.Join(t.TempDir(), "weak")
	if err := os.WriteFile(weak, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		change func(*app.Config)
		says   string
	}{
		{"H228 a short secret", func(c *app.Config) { c.JWTSecret = "short" }, "at least 32"},
		{"H228 a repeated byte", func(c *app.Config) { c.JWTSecret = strings.Repeat("a", 64) }, "repeated"},
		{"H228 a known example", func(c *app.Config) { c.JWTSecret = "changeme" + strings.Repeat("0123456789", 4) }, "tutorial"},
		{"H228 in a file", func(c *app.Config) { c.JWTSecret, c.JWTSecretFile = "", weak }, "at least 32"},
		{"H228 a weak previous key", func(c *app.Config) { c.JWTPreviousKeys = []string{weak} }, "at least 32"},
		{"H229 a wildcard origin", func(c *app.Config) { c.Origins = []string{"*"} }, "wildcard"},
		{"H229 demo mode for everybody", func(c *app.Config) { c.Demo, c.Addr, c.PublicURL = true, "0.0.0.0:0", "https://chat.example.com" }, "loopback"},
		{"H023 plain http in public", func(c *app.Config) { c.PublicURL = "http://chat.example.com" }, "https"},
		{"an address that nobody named", func(c *app.Config) { c.Addr, c.PublicURL = "0.0.0.0:8080", "" }, "--public-url"},
		{"half a certificate", func(c *app.Config) { c.TLSCert = "cert.pem" }, "--tls-key"},
		{"a key and a secret", func(c *app.Config) { c.JWTKeyFile = weak }, "keep one"},
		{"a login rate of zero", func(c *app.Config) { c.LoginRate = 0 }, "--login-rate"},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := app.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir(), LoginRate: 10, JWTSecret: testKey, PublicURL: "http://127.0.0.1:8080"}
			test.change(&config)
			built, err := app.New(t.Context(), config, slog.New(slog.NewTextHandler(io.Discard, nil)))
			if err == nil {
				_ = built.Close(context.WithoutCancel(t.Context()))
				t.Fatal("it started")
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("error: got %q, want one that names %q", err, test.says)
			}
			for _, secret := range []string{config.JWTSecret, "secret\n"} {
				if secret != "" && secret != testKey && strings.Contains(err.Error(), secret) {
					t.Errorf("the error prints the secret: %s", err)
				}
			}
		})
	}
}
