package app_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app"
	"github.com/yodelrt/yodel/app/chat/wire"
)

func TestH124_a_role_change_acts_at_once(t *testing.T) {
	inEachDatabase(t, func(h *house) {
		admin, alice := h.arrives("admin"), h.arrives("alice")
		if got := calls[wire.Account](admin, "admin.role", wire.SetRole{UserID: alice.id(), Role: "moderator"}); got.Role != "moderator" || got.Username != "alice" || got.CreatedAt.IsZero() {
			t.Errorf("changed: got %+v", got)
		}
		if status, _ := alice.do(http.MethodGet, "/api/rooms", "", nil); status != http.StatusUnauthorized { // its token is from before
			t.Errorf("the old token: got %d, want 401", status)
		}
		if status, body := alice.post("/api/refresh", nil); status != http.StatusOK || !strings.Contains(body, `"moderator"`) {
			t.Errorf("refresh: got %d %s", status, body)
		}
		again := alice.visitor.connects()
		if again.welcome.Me.Role != "moderator" {
			t.Errorf("welcome: got %+v", again.welcome.Me)
		}
		calls[wire.Announcement](again, "announcement.send", wire.Announce{Key: uuid.NewString(), Text: "as a moderator"})
		if code := admin.code("admin.role", wire.SetRole{UserID: admin.id(), Role: "member"}); code != 414 {
			t.Errorf("the last administrator steps down: got %d, want 414", code)
		}
		if code := admin.code("admin.role", wire.SetRole{UserID: alice.id(), Role: "king"}); code != 400 {
			t.Errorf("king: got %d, want 400", code)
		}
		if code := admin.code("admin.role", wire.SetRole{UserID: uuid.NewString(), Role: "member"}); code != 406 {
			t.Errorf("nobody: got %d, want 406", code)
		}
	})
}

func TestH125_a_disabled_account(t *testing.T) {
	h := newHouse(t)
	admin, alice := h.arrives("admin"), h.arrives("alice")
	plain := alice.visitor.socket()
	h.next(plain, "welcome")
	calls[wire.Account](admin, "admin.disable", wire.SetDisabled{UserID: alice.id(), Disabled: true})
	if end := <-alice.ended; end.Code != 3503 {
		t.Errorf("the hub: got %d, want 3503", end.Code)
	}
	h.wantClosed(plain, 3503)
	if status, _ := alice.post("/api/refresh", nil); status != http.StatusUnauthorized {
		t.Errorf("refresh: got %d, want 401", status)
	}
	if status, _ := h.visitor().post("/api/login", map[string]string{"username": "alice", "password": "alice-yodel-demo"}); status != http.StatusUnauthorized {
		t.Errorf("login: got %d, want 401", status)
	}
	if code := admin.code("room.direct", wire.DirectRoom{UserID: alice.id()}); code != 406 {
		t.Errorf("talk to her: got %d, want 406", code)
	}
	calls[wire.Account](admin, "admin.disable", wire.SetDisabled{UserID: alice.id(), Disabled: false})
	if again := h.arrives("alice"); again.id() != alice.id() {
		t.Error("she came back as somebody else")
	}
}

func TestConnectionsAndSessions(t *testing.T) {
	h := newHouse(t)
	admin, alice := h.arrives("admin"), h.arrives("alice")
	if err := alice.follows("lobby"); err != nil {
		t.Fatal(err)
	}
	found := calls[wire.Connections](admin, "admin.connections", wire.ConnectionsQuery{UserID: alice.id()})
	if found.Total != 1 || len(found.Connections) != 1 {
		t.Fatalf("connections: got %+v", found)
	}
	one := found.Connections[0]
	if one.Client != alice.client || one.Username != "alice" || one.Carrier != "query" || one.Address == "" || !strings.Contains(one.Device, "Go-http-client") || len(one.Channels) != 2 {
		t.Errorf("alice's: got %+v", one)
	}
	if got := calls[wire.Ended](admin, "admin.disconnect", wire.Disconnect{Client: alice.client}); got.Count != 1 {
		t.Errorf("disconnect: got %+v", got)
	}
	if code := admin.code("admin.disconnect", wire.Disconnect{}); code != 400 {
		t.Errorf("disconnect nobody: got %d, want 400", code)
	}
	again := alice.visitor.connects()
	sessions := calls[wire.Sessions](admin, "admin.sessions", wire.UserRef{UserID: alice.id()})
	if len(sessions.Sessions) != 1 {
		t.Fatalf("sessions: got %+v", sessions)
	}
	if status, _ := admin.send(http.MethodDelete, "/api/admin/users/"+alice.id()+"/sessions/"+sessions.Sessions[0].ID, nil); status != http.StatusOK {
		t.Errorf("revoke by HTTP: got %d", status)
	}
	if end := <-again.ended; end.Code != 3503 {
		t.Errorf("the revoked: got %d, want 3503", end.Code)
	}
	stats := calls[wire.Stats](admin, "admin.stats", wire.Nothing{})
	if stats.Opened < 3 || len(stats.Channels) == 0 {
		t.Errorf("stats: got %+v", stats)
	}
	told := slices.ContainsFunc(stats.Channels, func(c wire.Channel) bool {
		return c.Name == "user:"+admin.id() && c.Subscribers == 1 && c.Publications == 0 && c.PerSecond == 0
	})
	if !told {
		t.Errorf("channels: got %+v", stats.Channels)
	}
	if users := fetch[wire.Accounts](admin.visitor, "/api/admin/users?query=ali"); len(users.Users) != 1 || users.Users[0].ID != alice.id() || users.Users[0].CreatedAt.IsZero() {
		t.Errorf("users: got %+v", users)
	}
}

func TestTheAuditLog(t *testing.T) {
	inEachDatabase(t, func(h *house) {
		h.visitor().post("/api/login", map[string]string{"username": "my-secret-password-1", "password": "alice"}) // in the wrong field
		h.visitor().post("/api/login", map[string]string{"username": "alice", "password": "my-secret-password-2"})
		admin, alice := h.arrives("admin"), h.arrives("alice")
		calls[wire.Account](admin, "admin.role", wire.SetRole{UserID: alice.id(), Role: "moderator"})
		var seen []string
		for page := (wire.Audit{More: true}); page.More; {
			before := ""
			if n := len(page.Entries); n > 0 {
				before = page.Entries[n-1].ID
			}
			page = fetch[wire.Audit](admin.visitor, "/api/admin/audit?limit=2&before="+before)
			for _, e := range page.Entries {
				seen = append(seen, e.Action+" "+e.Actor+" "+e.Target+" "+e.Detail)
				if e.Address == "" { // that of a call is its socket's
					t.Errorf("no address: %+v", e)
				}
			}
		}
		want := []string{"account.role admin alice member to moderator", "login.accepted alice alice ", "login.accepted admin admin ", "login.refused  alice ", "login.refused   "}
		if strings.Join(seen, "\n") != strings.Join(want, "\n") {
			t.Errorf("entries: got %q, want %q", seen, want)
		}
		for query, want := range map[string]int{
			"action=login.refused": 2, "query=ALI": 3, "query=moderator": 1, "query=ali&action=login.accepted": 1, "query=%25": 0, "action=login": 0, "query=a%00": 0,
		} {
			if found := fetch[wire.Audit](admin.visitor, "/api/admin/audit?"+query); len(found.Entries) != want || found.More {
				t.Errorf("%s: got %d entries, want %d: %+v", query, len(found.Entries), want, found.Entries)
			}
		}
		if _, body := admin.do(http.MethodGet, "/api/admin/audit", "", nil); strings.Contains(body, "my-secret-password") {
			t.Error("a password stands in the audit log")
		}
	})
}

func TestInvitations(t *testing.T) {
	h := newHouse(t)
	admin := h.arrives("admin")
	made := calls[wire.Invitation](admin, "admin.invite", wire.Invite{Role: "moderator", Note: "for Carol"})
	origin, secret, _ := strings.Cut(made.Link, "/register#")
	if !strings.HasPrefix(origin, "http://") || len(secret) < 32 {
		t.Fatalf("link: got %q", made.Link)
	}
	listed := calls[wire.Invitations](admin, "admin.invitations", wire.Nothing{})
	if len(listed.Invitations) != 1 || listed.Invitations[0].Link != "" || listed.Invitations[0].Note != "for Carol" {
		t.Errorf("listed: got %+v", listed)
	}
	carol := h.visitor()
	for _, test := range []struct {
		in   wire.Register
		want int
		word string
	}{
		{wire.Register{Invitation: secret, Username: "No Good", Password: "a good password"}, 422, "A username has"},
		{wire.Register{Invitation: secret, Username: "carol", Password: "short"}, 422, "A password has"},
		{wire.Register{Invitation: secret, Username: "alice", Password: "a good password"}, 409, "taken"},
		{wire.Register{Invitation: "guess", Username: "carol", Password: "a good password"}, 403, "invitation"},
		{wire.Register{Invitation: secret, Username: "carol", Name: "Carol", Password: "a good password"}, 200, `"role":"moderator"`},
		{wire.Register{Invitation: secret, Username: "dave", Password: "a good password"}, 403, "invitation"},
	} {
		if status, body := carol.post("/api/register", test.in); status != test.want || !strings.Contains(body, test.word) {
			t.Errorf("%s: got %d %s, want %d with %q", test.in.Username, status, body, test.want, test.word)
		}
	}
	if me := carol.connects().welcome.Me; me.Username != "carol" || me.Role != "moderator" {
		t.Errorf("carol is signed in as %+v", me)
	}
	other := calls[wire.Invitation](admin, "admin.invite", wire.Invite{Role: "member"})
	calls[wire.Nothing](admin, "admin.uninvite", wire.InvitationRef{InvitationID: other.ID})
	_, taken, _ := strings.Cut(other.Link, "#")
	if status, _ := h.visitor().post("/api/register", map[string]string{"invitation": taken, "username": "eve", "password": "a good password", "role": "admin"}); status != http.StatusForbidden {
		t.Errorf("taken back: got %d, want 403", status)
	}
	if strings.Contains(h.logs.String(), secret) {
		t.Error("the secret of an invitation stands in the log")
	}
}

func TestTheFirstAdministrator(t *testing.T) {
	h := newHouse(t, func(c *app.Config) { c.Demo = false })
	printed := h.app.Announcement()
	match := regexp.MustCompile(`(?m)^first administrator: (http://\S+)/register#(\S+)$`).FindStringSubmatch(printed)
	if match == nil || !strings.Contains(printed, "\nlistening url=http://") {
		t.Fatalf("printed: %q", printed)
	}
	if again := h.app.Announcement(); strings.Contains(again, "first") {
		t.Errorf("printed twice: %q", again)
	}
	v := h.visitor()
	status, body := v.post("/api/register", wire.Register{Invitation: match[2], Username: "root", Password: "a good password"})
	if status != http.StatusOK || !strings.Contains(body, `"role":"admin"`) {
		t.Fatalf("register: got %d %s", status, body)
	}
	if strings.Contains(h.logs.String(), match[2]) {
		t.Error("the link stands in the log")
	}
	rooms := v.connects().answer("room.list", `{}`)
	var empty wire.MyRooms
	if err := json.Unmarshal([]byte(rooms), &empty); err != nil || empty.Rooms == nil || len(empty.Rooms) != 0 {
		t.Errorf("an empty chat: got %s", rooms)
	}
}

func TestSignInsAreToldToOtherDevices(t *testing.T) {
	h := newHouse(t)
	phone := h.arrives("alice")
	laptop := h.signedIn("alice")
	phone.next("sessions.changed")
	if status, _ := laptop.post("/api/logout", nil); status != http.StatusNoContent {
		t.Fatal("logout")
	}
	phone.next("sessions.changed")
}
