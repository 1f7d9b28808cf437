package app_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"

	"github.com/yodelrt/yodel/app"
	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/store"
)

// refreshWith sends a refresh cookie by hand and returns the status and the
// cookies of the answer. Both go by their names without the port.
func (h *house) refreshWith(cookie string) (int, map[string]*http.Cookie) {
	h.t.Helper()
	request, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.server.URL+"/api/refresh", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	request.Header.Set("Origin", h.server.URL)
	port := "_" + mustURL(h.server.URL).Port()
	if cookie != "" {
		request.Header.Set("Cookie", strings.Replace(cookie, "yodel_refresh=", "yodel_refresh"+port+"=", 1))
	}
	response, err := h.server.Client().Do(request)
	if err != nil {
		h.t.Fatal(err)
	}
	defer response.Body.Close()
	cookies := map[string]*http.Cookie{}
	for _, cookie := range response.Cookies() {
		cookies[strings.TrimSuffix(cookie.Name, port)] = cookie
	}
	return response.StatusCode, cookies
}

func (h *house) idOf(username string) string {
	h.t.Helper()
	found, err := h.app.Accounts().ByUsername(h.t.Context(), username)
	if err != nil {
		h.t.Fatal(err)
	}
	return found.ID
}

func (h *house) wantClosed(conn *websocket.Conn, want websocket.StatusCode) {
	h.t.Helper()
	for {
		_, _, err := conn.Read(h.t.Context())
		if err == nil {
			continue
		}
		if got := websocket.CloseStatus(err); got != want {
			h.t.Errorf("close: got %d (%v), want %d", got, err, want)
		}
		return
	}
}

func TestRefresh(t *testing.T) {
	h := newHouse(t)
	alice := h.signedIn("alice")
	old, access := alice.refreshCookie(), alice.cookie()
	status, body := alice.post("/api/refresh", nil)
	if status != http.StatusOK || !strings.Contains(body, `"username":"alice"`) || !strings.Contains(body, "expires_at") {
		t.Fatalf("refresh: got %d %s", status, body)
	}
	if alice.refreshCookie() == old || alice.cookie() == access {
		t.Error("the cookies are the old ones")
	}
	if status, _ := alice.do(http.MethodGet, "/api/me", "", nil); status != http.StatusOK {
		t.Errorf("me: got %d", status)
	}

	t.Run("H212 two tabs at once get one successor", func(t *testing.T) {
		h.t = t
		before := alice.refreshCookie()
		first, one := h.refreshWith(before)
		second, two := h.refreshWith(before)
		if first != http.StatusOK || second != http.StatusOK || one["yodel_refresh"].Value != two["yodel_refresh"].Value {
			t.Errorf("tabs: got %d and %d, successors equal: %v", first, second, one["yodel_refresh"].Value == two["yodel_refresh"].Value)
		}
		if status, _ := h.refreshWith("yodel_refresh=" + one["yodel_refresh"].Value); status != http.StatusOK {
			t.Errorf("then: got %d", status)
		}
	})
	t.Run("H213 unknown, empty or none", func(t *testing.T) {
		h.t = t
		for _, cookie := range []string{"", "yodel_refresh=", "yodel_refresh=AAAA", "yodel_refresh=" + strings.Split(access, "=")[1]} {
			status, cookies := h.refreshWith(cookie)
			if status != http.StatusUnauthorized {
				t.Errorf("%q: got %d, want 401", cookie, status)
			}
			if cookies["yodel_refresh"] == nil || cookies["yodel_refresh"].MaxAge >= 0 {
				t.Errorf("%q: the cookie is not taken back", cookie)
			}
		}
	})
	t.Run("after a logout", func(t *testing.T) {
		h.t = t
		bob := h.signedIn("bob")
		bob.t = t
		left := bob.refreshCookie()
		if status, _ := bob.post("/api/logout", nil); status != http.StatusNoContent {
			t.Fatal("logout")
		}
		if status, _ := h.refreshWith(left); status != http.StatusUnauthorized {
			t.Errorf("got %d, want 401", status)
		}
	})
}

func TestH210_cookies(t *testing.T) {
	for _, test := range []struct {
		name            string
		change          func(*app.Config)
		access, refresh string
		secure          bool
	}{
		{"on plain loopback", func(*app.Config) {}, "yodel_access", "yodel_refresh", false},
		{"behind https", func(c *app.Config) { c.Demo, c.PublicURL = false, "https://chat.example.com" }, "__Host-yodel_access", "__Secure-yodel_refresh", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t, test.change)
			if test.secure {
				if _, err := h.app.Accounts().Create(t.Context(), "alice", "", "alice-yodel-demo", account.Member); err != nil {
					t.Fatal(err)
				}
			}
			response, err := h.server.Client().Post(h.server.URL+"/api/login", "application/json", strings.NewReader(`{"username":"alice","password":"alice-yodel-demo"}`))
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			found := map[string]*http.Cookie{}
			for _, cookie := range response.Cookies() {
				found[strings.TrimSuffix(cookie.Name, "_"+mustURL(h.server.URL).Port())] = cookie
			}
			access, refresh := found[test.access], found[test.refresh]
			if access == nil || refresh == nil {
				t.Fatalf("cookies: got %v", response.Cookies())
			}
			for _, cookie := range found {
				if !cookie.HttpOnly || cookie.Secure != test.secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Domain != "" {
					t.Errorf("%s: got %v", cookie.Name, cookie)
				}
			}
			if access.Path != "/" || access.MaxAge > 900 || refresh.Path != "/api/refresh" || refresh.MaxAge != 30*24*3600 {
				t.Errorf("paths and ages: got %v and %v", access, refresh)
			}
		})
	}
}

func TestH209_a_preset_session_is_worth_nothing(t *testing.T) {
	h := newHouse(t)
	mallory := h.signedIn("bob")
	victim := h.visitor()
	name, value, _ := strings.Cut(mallory.cookie(), "=")
	victim.client.Jar.SetCookies(mustURL(h.server.URL), []*http.Cookie{{Name: name, Value: value, Path: "/"}})
	victim.post("/api/login", map[string]string{"username": "alice", "password": "alice-yodel-demo"})
	if victim.cookie() == mallory.cookie() {
		t.Error("login kept the preset cookie")
	}
	if _, body := mallory.do(http.MethodGet, "/api/me", "", nil); !strings.Contains(body, `"bob"`) {
		t.Errorf("mallory is now %s", body)
	}
	if _, body := victim.do(http.MethodGet, "/api/me", "", nil); !strings.Contains(body, `"alice"`) {
		t.Errorf("the victim is %s", body)
	}
}

func TestDevices(t *testing.T) {
	h := newHouse(t)
	phone, laptop, bob := h.signedIn("alice"), h.signedIn("alice"), h.signedIn("bob")
	status, body := laptop.do(http.MethodGet, "/api/sessions", "", nil)
	var devices []struct {
		ID      string
		Current bool
		Device  string
	}
	if err := json.Unmarshal([]byte(body), &devices); err != nil || status != http.StatusOK || len(devices) != 2 {
		t.Fatalf("list: got %d %s", status, body)
	}
	other := devices[0].ID
	if devices[0].Current {
		other = devices[1].ID
	}
	onPhone, onLaptop := phone.socket(), laptop.socket()
	h.next(onPhone, "welcome")
	h.next(onLaptop, "welcome")
	if status, _ := bob.do(http.MethodDelete, "/api/sessions/"+other, "", http.Header{"Origin": {h.server.URL}}); status != http.StatusNotFound {
		t.Errorf("somebody else's session: got %d, want 404", status)
	}
	if status, _ := laptop.do(http.MethodDelete, "/api/sessions/"+other, "", http.Header{"Origin": {h.server.URL}}); status != http.StatusNoContent {
		t.Errorf("sign the phone out: got %d, want 204", status)
	}
	h.wantClosed(onPhone, 3503)
	h.say(onLaptop, `{"type":"echo","data":1}`)
	h.next(onLaptop, "echo")
	if status, _ := phone.do(http.MethodGet, "/api/me", "", nil); status != http.StatusUnauthorized {
		t.Errorf("the phone: got %d, want 401", status)
	}
	if status, _ := phone.post("/api/refresh", nil); status != http.StatusUnauthorized {
		t.Errorf("its refresh: got %d, want 401", status)
	}

	again := h.signedIn("alice")
	onAgain := again.socket()
	h.next(onAgain, "welcome")
	if status, _ := laptop.do(http.MethodDelete, "/api/sessions", "", http.Header{"Origin": {h.server.URL}}); status != http.StatusNoContent {
		t.Errorf("sign all others out: got %d", status)
	}
	h.wantClosed(onAgain, 3503)
	if status, _ := laptop.do(http.MethodGet, "/api/me", "", nil); status != http.StatusOK {
		t.Errorf("this device: got %d, want 200", status)
	}
}

func TestH123_a_new_password_signs_every_other_device_out(t *testing.T) {
	h := newHouse(t)
	here, there := h.signedIn("alice"), h.signedIn("alice")
	elsewhere := there.socket()
	h.next(elsewhere, "welcome")
	ticket := there.ticket(`{"route":"/ws/demo"}`)
	for body, want := range map[string]int{
		`{"old_password":"wrong","new_password":"another password"}`:           http.StatusForbidden,
		`{"old_password":"alice-yodel-demo","new_password":"short"}`:           http.StatusUnprocessableEntity,
		`{"old_password":"alice-yodel-demo","new_password":12345678}`:          http.StatusBadRequest,
		`{"old_password":"","new_password":"another password","role":"admin"}`: http.StatusForbidden,
	} {
		if got, _ := here.do(http.MethodPost, "/api/password", body, http.Header{"Content-Type": {"application/json"}}); got != want {
			t.Errorf("%s: got %d, want %d", body, got, want)
		}
	}
	if status, body := here.post("/api/password", map[string]string{"old_password": "alice-yodel-demo", "new_password": "another password"}); status != http.StatusOK {
		t.Fatalf("change: got %d %s", status, body)
	}
	h.wantClosed(elsewhere, 3503)
	if status, _ := here.do(http.MethodGet, "/api/me", "", nil); status != http.StatusOK {
		t.Errorf("this device: got %d, want 200", status)
	}
	if status, _ := there.post("/api/refresh", nil); status != http.StatusUnauthorized {
		t.Errorf("the other's refresh: got %d, want 401", status)
	}
	if _, status := h.dial("?ticket="+ticket, http.Header{"Origin": {h.server.URL}}); status != http.StatusUnauthorized { // H082
		t.Errorf("the other's ticket: got %d, want 401", status)
	}
	if status, _ := h.visitor().post("/api/login", map[string]string{"username": "alice", "password": "alice-yodel-demo"}); status != http.StatusUnauthorized {
		t.Errorf("the old password: got %d, want 401", status)
	}
}

// TestChangesByAnotherProcess is what `yodel user` does beside a running server.
func TestChangesByAnotherProcess(t *testing.T) {
	h := newHouse(t)
	beside, err := store.Open(t.Context(), h.data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = beside.Close() })
	accounts := account.New(beside)
	alice, bob := h.signedIn("alice"), h.signedIn("bob")
	first, second := alice.socket(), bob.socket()
	h.next(first, "welcome")
	h.next(second, "welcome")
	if _, err := accounts.SetRole(t.Context(), "", h.idOf("alice"), account.Moderator); err != nil { // H124_role_changed
		t.Fatal(err)
	}
	if _, err := accounts.SetDisabled(t.Context(), "", h.idOf("bob"), true); err != nil { // H068_disabled
		t.Fatal(err)
	}
	h.wantClosed(first, 3014)
	h.wantClosed(second, 3503)
	if status, _ := alice.do(http.MethodGet, "/api/me", "", nil); status != http.StatusUnauthorized { // H069_older_epoch
		t.Errorf("alice's old token: got %d, want 401", status)
	}
	if status, body := alice.post("/api/refresh", nil); status != http.StatusOK || !strings.Contains(body, `"moderator"`) {
		t.Errorf("alice's refresh: got %d %s", status, body)
	}
	h.next(alice.socket(), "welcome")
	if status, _ := bob.post("/api/refresh", nil); status != http.StatusUnauthorized {
		t.Errorf("bob's refresh: got %d, want 401", status)
	}
	if status, _ := h.visitor().post("/api/login", map[string]string{"username": "bob", "password": "bob-yodel-demo"}); status != http.StatusUnauthorized {
		t.Errorf("bob's login: got %d, want 401", status)
	}
}

func writePEM(t *testing.T, private any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSigningKeys(t *testing.T) {
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "old.key")
	if err := os.WriteFile(secret, []byte(testKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{"EdDSA": writePEM(t, ed), "RS256": writePEM(t, long)} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, func(c *app.Config) { c.JWTSecret, c.JWTKeyFile = "", file })
			alice := h.signedIn("alice")
			token := alice.token()
			parsed, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
			if err != nil || parsed.Method.Alg() != name || parsed.Header["kid"] == "" {
				t.Errorf("token: got %v, %v", parsed.Header, err)
			}
			h.next(alice.socket(), "welcome")
			if _, status := h.dial("?token="+token, nil); status != http.StatusSwitchingProtocols {
				t.Errorf("by query: got %d", status)
			}
		})
	}
	t.Run("a previous secret still verifies, H127 until it is withdrawn", func(t *testing.T) {
		shared := t.TempDir()
		before := newHouse(t, func(c *app.Config) { c.DataDir, c.PublicURL = shared, "http://localhost:9" })
		token := before.signedIn("alice").token()
		rotated := newHouse(t, func(c *app.Config) {
			c.DataDir, c.PublicURL = shared, "http://localhost:9"
			c.JWTSecret, c.JWTKeyFile, c.JWTPreviousKeys = "", writePEM(t, ed), []string{secret}
		})
		withdrawn := newHouse(t, func(c *app.Config) {
			c.DataDir, c.PublicURL = shared, "http://localhost:9"
			c.JWTSecret, c.JWTKeyFile = "", writePEM(t, ed)
		})
		if _, status := rotated.dial("?token="+token, nil); status != http.StatusSwitchingProtocols {
			t.Errorf("while the old secret is listed: got %d, want 101", status)
		}
		if _, status := withdrawn.dial("?token="+token, nil); status != http.StatusUnauthorized {
			t.Errorf("after: got %d, want 401", status)
		}
	})
}

func TestAccessLifeBoundsEveryToken(t *testing.T) {
	const short = 90 * time.Second
	h := newHouse(t, func(c *app.Config) { c.AccessLife = short })
	alice := h.signedIn("alice")
	latest := time.Now().Add(short)
	for _, path := range []string{"/api/refresh", "/api/token"} {
		var answer struct {
			ExpiresAt time.Time `json:"expires_at"`
		}
		status, body := alice.post(path, nil)
		if err := json.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusOK {
			t.Fatalf("%s: got %d %v", path, status, err)
		}
		if early := latest.Sub(answer.ExpiresAt); early < -time.Minute || early > time.Minute {
			t.Errorf("%s: the token ends %s after the sign-in, want about %s", path, answer.ExpiresAt.Sub(latest.Add(-short)), short)
		}
	}
	for life, starts := range map[time.Duration]bool{time.Second: true, 24 * time.Hour: true, time.Second - 1: false, 24*time.Hour + 1: false, -time.Second: false} {
		built, err := app.New(t.Context(), app.Config{Addr: "127.0.0.1:8080", DataDir: t.TempDir(), LoginRate: 1, AccessLife: life}, slog.New(slog.DiscardHandler))
		if (err == nil) != starts || (!starts && !errors.Is(err, app.ErrConfig)) {
			t.Errorf("%s: got %v", life, err)
		}
		if built != nil {
			if err := built.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
}
