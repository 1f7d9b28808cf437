package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/app"
	"github.com/yodelrt/yodel/app/account"
)

// TestTwoInstancesOnOneHost: browsers send the cookies of a host to all of its ports.
func TestTwoInstancesOnOneHost(t *testing.T) {
	one, two := newHouse(t), newHouse(t)
	alice := one.signedIn("alice")
	there := &visitor{two, alice.client}
	there.post("/api/login", map[string]string{"username": "bob", "password": "bob-yodel-demo"})
	for _, v := range []struct {
		*visitor
		want string
	}{{alice, `"alice"`}, {there, `"bob"`}} {
		if status, body := v.post("/api/refresh", nil); status != http.StatusOK {
			t.Errorf("%s refreshes: got %d %s", v.want, status, body)
		}
		if status, body := v.do(http.MethodGet, "/api/me", "", nil); status != http.StatusOK || !strings.Contains(body, v.want) {
			t.Errorf("got %d %s, want 200 and %s", status, body, v.want)
		}
	}
	alice.post("/api/logout", nil)
	if status, _ := there.do(http.MethodGet, "/api/me", "", nil); status != http.StatusOK {
		t.Errorf("a logout on one ends the other: got %d", status)
	}
}

// TestAPublicAddressBeyondASCII: browsers send its name in Punycode.
func TestAPublicAddressBeyondASCII(t *testing.T) {
	h := newHouse(t, func(c *app.Config) { c.Demo, c.PublicURL = false, "https://chat.BÜCHER.example:443/" })
	if _, err := h.app.Accounts().Create(t.Context(), "alice", "", "alice-yodel-demo", account.Member); err != nil {
		t.Fatal(err)
	}
	if got, want := h.app.URL(), "https://chat.xn--bcher-kva.example"; got != want {
		t.Errorf("the address is %s, want %s", got, want)
	}
	header := http.Header{"Content-Type": {"application/json"}, "Origin": {h.app.URL()}, "Sec-Fetch-Site": {"same-origin"}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.server.URL+"/api/login", strings.NewReader(`{"username":"alice","password":"alice-yodel-demo"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	response, err := h.server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for _, cookie := range response.Cookies() {
		header.Add("Cookie", cookie.Name+"="+cookie.Value)
	}
	if _, status := h.dial("", header, "yodel"); status != http.StatusSwitchingProtocols {
		t.Errorf("a socket of its page: got %d after a login of %d, want 101", status, response.StatusCode)
	}
}

func TestH337_head_wherever_there_is_get(t *testing.T) {
	h := newHouse(t)
	alice := h.signedIn("alice")
	for _, path := range []string{"/", "/rooms/1", "/healthz", "/readyz", "/api/me", "/api/sessions", "/api/nothing", "/nothing.js"} {
		want, _ := alice.do(http.MethodGet, path, "", nil)
		if got, body := alice.do(http.MethodHead, path, "", nil); got != want || body != "" {
			t.Errorf("HEAD %s: got %d %q, want %d as GET, without a body", path, got, body, want)
		}
	}
	for _, path := range []string{"/api/login", "/api/refresh", "/api/logout", "/api/ws/ticket"} {
		if got, _ := alice.do(http.MethodHead, path, "", nil); got != http.StatusMethodNotAllowed {
			t.Errorf("HEAD %s: got %d, want 405", path, got)
		}
	}
	if status, _ := alice.do(http.MethodGet, "/api/me", "", nil); status != http.StatusOK {
		t.Errorf("HEAD has changed something: got %d", status)
	}
}
