package app_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app"
	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/store"
)

// settles makes an account whose password is that of the demo accounts.
func (h *house) settles(username string, role account.Role) account.Account {
	h.t.Helper()
	made, err := h.app.Accounts().Create(h.t.Context(), username, "", username+"-yodel-demo", role)
	if err != nil {
		h.t.Fatal(err)
	}
	return made
}

// changesPassword loops until it is refused for good, or has spent its budget.
func (v *visitor) changesPassword(username string) {
	words := []string{username + "-yodel-demo", username + "-another-word"}
	for i := range 10 {
		body := map[string]string{"old_password": words[i%2], "new_password": words[(i+1)%2]}
		if status, _ := v.post("/api/password", body); status != http.StatusOK {
			return
		}
	}
}

// TestH321_password_change_and_disable is a member who changes the password again
// and again while an administrator keeps them out, demotes them, or the operator
// gives them another password beside the server.
func TestH321_password_change_and_disable(t *testing.T) {
	h := newHouse(t)
	admin := h.signedIn("admin")
	beside, err := store.Open(t.Context(), h.data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = beside.Close() })
	put := func(path string, body string) {
		if status, answer := admin.do(http.MethodPut, path, body, asJSON); status != http.StatusOK {
			t.Errorf("%s: got %d %s, want 200", path, status, answer)
		}
	}
	for i, test := range []struct {
		name  string
		does  func(a account.Account)
		holds func(a account.Account) bool
	}{
		{"disabled", func(a account.Account) { put("/api/admin/users/"+a.ID+"/disabled", `{"disabled":true}`) }, func(a account.Account) bool { return a.Disabled }},
		{"demoted", func(a account.Account) { put("/api/admin/users/"+a.ID+"/role", `{"role":"member"}`) }, func(a account.Account) bool { return a.Role == account.Member }},
		{"reset", func(a account.Account) {
			if _, err := account.New(beside).SetPassword(t.Context(), a.ID, "of the operator"); err != nil {
				t.Error(err)
			}
		}, func(a account.Account) bool {
			_, err := account.New(beside).Authenticate(t.Context(), a.Username, "of the operator")
			return err == nil
		}},
	} {
		for round := range 4 {
			made := h.settles(fmt.Sprintf("person.%d.%dx", i, round), account.Moderator)
			v := h.signedIn(made.Username)
			var all sync.WaitGroup
			began := make(chan struct{})
			all.Go(func() { close(began); v.changesPassword(made.Username) })
			all.Go(func() { <-began; test.does(made) })
			all.Wait()
			if found, err := h.app.Accounts().ByID(t.Context(), made.ID); err != nil || !test.holds(found) {
				t.Errorf("%s, round %d: got %+v, %v, want what the administrator was told", test.name, round, found, err)
			}
		}
	}
}

// together does something n times at once and counts the statuses.
func together(n int, do func(i int) int) map[int]int {
	var all sync.WaitGroup
	var mu sync.Mutex
	counts := map[int]int{}
	for i := range n {
		all.Go(func() {
			status := do(i)
			mu.Lock()
			defer mu.Unlock()
			counts[status]++
		})
	}
	all.Wait()
	return counts
}

func TestH322_password_changes_of_one_member_at_once(t *testing.T) {
	h := newHouse(t)
	alice := h.signedIn("alice")
	right := map[string]string{"old_password": "alice-yodel-demo", "new_password": "alice-yodel-demo"}
	var all sync.WaitGroup
	done := make(chan struct{})
	all.Go(func() {
		for burst := 0; ; burst++ {
			counts := together(40, func(int) int { status, _ := alice.post("/api/password", right); return status })
			if hashed := counts[http.StatusOK] + counts[http.StatusForbidden]; hashed > 10 {
				t.Errorf("40 changes at once: got %v, want at most 10 for which passwords were hashed", counts)
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	for i := range 20 {
		status, _ := h.visitor().post("/api/login", map[string]string{"username": "bob", "password": "bob-yodel-demo"})
		if status != http.StatusOK {
			t.Errorf("login %d of somebody else meanwhile: got %d, want 200", i, status)
		}
	}
	close(done)
	all.Wait()
	// one after the other as well, a session has a budget
	v := h.signedIn("bob")
	last := 0
	for range 12 {
		last, _ = v.post("/api/password", map[string]string{"old_password": "bob-yodel-demo", "new_password": "bob-yodel-demo"})
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the twelfth right change in a row: got %d, want 429", last)
	}
}

func TestH323_strangers_do_not_lock_the_owner_out(t *testing.T) {
	h := newHouse(t, func(c *app.Config) { c.TrustedProxies = []string{"127.0.0.1", "::1"} })
	from := func(v *visitor, address, password string) int {
		body := fmt.Sprintf(`{"username":"alice","password":%q}`, password)
		status, _ := v.do(http.MethodPost, "/api/login", body, http.Header{"Content-Type": {"application/json"}, "X-Forwarded-For": {address}})
		return status
	}
	const right, wrong = "alice-yodel-demo", "not her password"
	owner := h.visitor()
	if status := from(owner, "192.0.2.1", right); status != http.StatusOK {
		t.Fatalf("the first login: got %d", status)
	}
	if status, _ := owner.post("/api/logout", nil); status != http.StatusNoContent {
		t.Fatalf("sign out: got %d", status)
	}
	// a burst gets ten guesses, however many come at once
	counts := together(64, func(int) int { return from(h.visitor(), "192.0.2.1", wrong) })
	if counts[http.StatusUnauthorized] != 10 || counts[http.StatusTooManyRequests] != 54 {
		t.Errorf("64 guesses at once: got %v, want 10 times 401 and 54 times 429", counts)
	}
	if status := from(h.visitor(), "192.0.2.1", right); status != http.StatusTooManyRequests {
		t.Errorf("a stranger with the right password, out of guesses: got %d, want 429", status)
	}
	if status := from(owner, "192.0.2.1", right); status != http.StatusOK {
		t.Errorf("the owner on a device that is known, at the same address: got %d, want 200", status)
	}
	if status := from(h.visitor(), "198.51.100.7", right); status != http.StatusOK {
		t.Errorf("the owner on a new device elsewhere: got %d, want 200", status)
	}
	// from everywhere at once, all strangers together run out
	guesses := 0
	for i := 0; i < 40 && guesses < 200; i++ {
		for range 10 {
			if from(h.visitor(), fmt.Sprintf("203.0.113.%d", i), wrong) == http.StatusUnauthorized {
				guesses++
			}
		}
	}
	if guesses > 110 {
		t.Errorf("guesses from forty networks: got %d, want about 100", guesses)
	}
	if status := from(h.visitor(), "198.51.100.8", right); status != http.StatusTooManyRequests {
		t.Errorf("one more stranger: got %d, want 429", status)
	}
	for range 20 { // and right logins do not use a budget up
		if status := from(owner, "198.51.100.9", right); status != http.StatusOK {
			t.Fatalf("the owner on the known device: got %d, want 200", status)
		}
	}
	known := 0
	for range 15 {
		if from(owner, "198.51.100.9", wrong) == http.StatusUnauthorized {
			known++
		}
	}
	if known != 10 {
		t.Errorf("guesses from a known device: got %d, want 10", known)
	}
	// the device is known for this account alone, and its token opens nothing
	device := owner.cookieFor("/api/login", "yodel_device")
	if status, _ := h.visitor().do(http.MethodGet, "/api/me", "", http.Header{"Authorization": {"Bearer " + strings.TrimPrefix(device, "yodel_device=")}}); device == "" || status != http.StatusUnauthorized {
		t.Errorf("H063 a device token as access token: got %d (%d bytes), want 401", status, len(device))
	}
	if status, _ := h.refreshWith("yodel_refresh=" + strings.TrimPrefix(device, "yodel_device=")); status != http.StatusUnauthorized {
		t.Errorf("H063 a device token as refresh token: got %d, want 401", status)
	}
}

func TestH324_invitations_of_administrators_who_are_none(t *testing.T) {
	inEachDatabase(t, func(h *house) {
		t := h.t
		admin := h.signedIn("admin")
		for name, does := range map[string]string{"disabled": `{"disabled":true}`, "role": `{"role":"member"}`} {
			other := h.settles("admin."+name, account.Admin)
			status, body := h.signedIn(other.Username).post("/api/admin/invitations", wire.Invite{Role: "admin"})
			secret := regexp.MustCompile(`/register#([\w-]+)`).FindStringSubmatch(body)
			if status != http.StatusOK || secret == nil {
				t.Fatalf("invite: got %d %s", status, body)
			}
			if status, body := admin.do(http.MethodPut, "/api/admin/users/"+other.ID+"/"+name, does, asJSON); status != http.StatusOK {
				t.Fatalf("%s: got %d %s", name, status, body)
			}
			if _, body := admin.do(http.MethodGet, "/api/admin/invitations", "", nil); strings.Contains(body, other.ID) {
				t.Errorf("%s: still listed: %s", name, body)
			}
			status, body = h.visitor().post("/api/register", wire.Register{Invitation: secret[1], Username: "mallory", Password: "a good password"})
			if status != http.StatusForbidden || !strings.Contains(body, "invitation") {
				t.Errorf("%s: register: got %d %s, want 403", name, status, body)
			}
		}
	})
}

func TestH324_the_first_link_where_there_is_an_administrator(t *testing.T) {
	h := newHouse(t, func(c *app.Config) { c.Demo = false })
	match := regexp.MustCompile(`/register#(\S+)`).FindStringSubmatch(h.app.Announcement())
	if match == nil {
		t.Fatal("no link")
	}
	h.settles("root", account.Admin) // by the command
	status, body := h.visitor().post("/api/register", wire.Register{Invitation: match[1], Username: "mallory", Password: "a good password"})
	if status != http.StatusForbidden {
		t.Errorf("register: got %d %s, want 403", status, body)
	}
}

// TestH326_what_a_new_password_ends_for_the_session_itself: a thief holds copies of
// everything that the session has.
func TestH326_what_a_new_password_ends_for_the_session_itself(t *testing.T) {
	inEachDatabase(t, func(h *house) {
		t := h.t
		alice := h.signedIn("alice")
		refresh, access, token := alice.refreshCookie(), alice.cookie(), alice.token()
		ticket := alice.ticket(`{"route":"/ws/demo"}`)
		plain := alice.socket()
		h.next(plain, "welcome")
		hub, _ := alice.dialAt("/ws", http.Header{"Cookie": {access}, "Origin": {alice.server.URL}}, "centrifuge-json")
		h.say(hub, `{"id":1,"connect":{}}`)
		if _, answer, err := hub.Read(t.Context()); err != nil || !strings.Contains(string(answer), `"connect"`) {
			t.Fatalf("connect: got %s, %v", answer, err)
		}
		body := map[string]string{"old_password": "alice-yodel-demo", "new_password": "another password"}
		if status, answer := alice.post("/api/password", body); status != http.StatusOK {
			t.Fatalf("change: got %d %s", status, answer)
		}
		if status, _ := h.refreshWith(refresh); status != http.StatusUnauthorized {
			t.Errorf("the stolen refresh cookie: got %d, want 401", status)
		}
		for name, header := range map[string]http.Header{"cookie": {"Cookie": {access}}, "token": {"Authorization": {"Bearer " + token}}} {
			if status, _ := h.visitor().do(http.MethodGet, "/api/me", "", header); status != http.StatusUnauthorized {
				t.Errorf("the stolen access %s: got %d, want 401", name, status)
			}
		}
		if _, status := h.dial("?ticket="+ticket, http.Header{"Origin": {h.server.URL}}); status != http.StatusUnauthorized {
			t.Errorf("the stolen ticket: got %d, want 401", status)
		}
		h.wantClosed(plain, 3014)
		h.wantClosed(hub, 3014)
		// and the owner goes on
		if status, _ := alice.post("/api/refresh", nil); status != http.StatusOK {
			t.Errorf("the new refresh cookie: got %d, want 200", status)
		}
		h.next(alice.socket(), "welcome")
	})
}

func TestH326_disabled_and_let_in_again(t *testing.T) {
	h := newHouse(t)
	admin, bob := h.signedIn("admin"), h.signedIn("bob")
	id := h.idOf("bob")
	for _, body := range []string{`{"disabled":true}`, `{"disabled":false}`} {
		if status, answer := admin.do(http.MethodPut, "/api/admin/users/"+id+"/disabled", body, asJSON); status != http.StatusOK {
			t.Fatalf("%s: got %d %s", body, status, answer)
		}
	}
	if status, _ := bob.post("/api/refresh", nil); status != http.StatusUnauthorized {
		t.Errorf("a session from before: got %d, want 401", status)
	}
	h.signedIn("bob")
}

func TestH328_names_that_hide_or_pretend(t *testing.T) {
	inEachDatabase(t, func(h *house) {
		t := h.t
		admin, bob := h.signedIn("admin"), h.signedIn("bob")
		invitation := func() string {
			_, body := admin.post("/api/admin/invitations", wire.Invite{Role: "member"})
			return regexp.MustCompile(`/register#([\w-]+)`).FindStringSubmatch(body)[1]
		}
		secret := invitation()
		for name, want := range map[string]int{
			"\u200b": 422, "\u3164": 422, "Root\u200b": 422, "R\u202eoot": 422, "\u2800\u2800": 422, // cannot be seen
			"admin": 409, "\u0430dmin": 409, "ADMIN": 409, "adrnin": 409, "аlіcе": 409, // look like usernames
			"Bob B\u00f6hm": 200, "Zo\u00eb 👩\u200d💻": 200, "李明": 200, "Bob": 200, "Alice": 200, // a member's own name is common: pages show the username beside it
		} {
			if status, body := bob.do(http.MethodPatch, "/api/profile", fmt.Sprintf(`{"name":%q}`, name), asJSON); status != want {
				t.Errorf("profile %q: got %d %s, want %d", name, status, body, want)
			}
			if want == http.StatusOK {
				continue
			}
			status, body := h.visitor().post("/api/register", wire.Register{Invitation: secret, Username: "mallory", Name: name, Password: "a good password"})
			if status != want {
				t.Errorf("register %q: got %d %s, want %d", name, status, body, want)
			}
		}
		for _, username := range []string{"adrnin", "a1ice", "b0b"} {
			status, body := h.visitor().post("/api/register", wire.Register{Invitation: secret, Username: username, Password: "a good password"})
			if status != http.StatusConflict {
				t.Errorf("username %q: got %d %s, want 409", username, status, body)
			}
		}
		if status, body := h.visitor().post("/api/register", wire.Register{Invitation: secret, Username: "carol", Name: "Carol", Password: "a good password"}); status != http.StatusOK {
			t.Errorf("the invitation was used up by refusals: got %d %s", status, body)
		}
		socket := bob.connects()
		for name, want := range map[string]int{
			"\u3164": 400, "\u200b": 400, "gen\u200beral": 400, "g\u0435neral": 409, "\uff27eneral": 409, "GENERA1": 409,
		} {
			if code := socket.code("room.create", wire.CreateRoom{Kind: wire.Public, Name: name}); int(code) != want {
				t.Errorf("room %q: got %d, want %d", name, code, want)
			}
		}
		calls[wire.MyRoom](socket, "room.create", wire.CreateRoom{Kind: wire.Public, Name: "B\u00fcro"})
		general := regexp.MustCompile(`"id":"([^"]+)","kind":"public","name":"general"`)
		_, mine := bob.do(http.MethodGet, "/api/rooms", "", nil)
		id := general.FindStringSubmatch(mine)[1]
		for text, want := range map[string]int{"\u200b": 422, "\u3164\u2800": 422, "\u2060\ufe0f": 422, "👍🏽": 200, "a\u200bb": 200} {
			status, body := bob.post("/api/rooms/"+id+"/messages", wire.SendMessage{Key: uuid.NewString(), Text: text})
			if status != want {
				t.Errorf("message %q: got %d %s, want %d", text, status, body, want)
			}
		}
	})
}
