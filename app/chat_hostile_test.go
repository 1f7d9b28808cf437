package app_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/centrifugal/centrifuge-go"
	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
)

func TestH190_rooms_of_others(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.arrives("alice"), h.arrives("bob")
	private, public := alice.room(wire.Private, "secret"), alice.room(wire.Public, "square")
	answers := map[string]string{}
	for name, channel := range map[string]string{
		"private": chat.RoomChannel(private.ID), "missing": chat.RoomChannel(uuid.NewString()), "public, not in it": chat.RoomChannel(public.ID),
		"typing": chat.TypingChannel(private.ID), "SQL": "room:' OR 1=1 --", "somebody else's own": chat.UserChannel(alice.id()), "no person's": "user:x",
	} {
		err := bob.follows(channel)
		if errorCode(err) != 103 {
			t.Errorf("%s: got %v, want 103", name, err)
		}
		answers[err.Error()] = name
	}
	if len(answers) != 1 {
		t.Errorf("answers that differ: %v", answers)
	}
	if there, missing := bob.code("room.history", wire.HistoryQuery{RoomID: private.ID}), bob.code("room.history", wire.HistoryQuery{RoomID: uuid.NewString()}); there != 404 || missing != 404 {
		t.Errorf("history: got %d and %d, want 404 twice", there, missing)
	}
}

func TestH192_H193_H194_past_the_application(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.arrives("alice"), h.arrives("bob")
	room := alice.room(wire.Private, "secret")
	channel := chat.RoomChannel(room.ID)
	if err := alice.follows(channel); err != nil {
		t.Fatal(err)
	}
	forged := []byte(`{"type":"message.sent","seq":99}`)
	for name, one := range map[string]*person{"a member": alice, "a stranger": bob} {
		for _, target := range []string{channel, chat.UserChannel(alice.id()), chat.PresenceChannel, chat.TypingChannel(room.ID)} {
			if _, err := one.socket.Publish(t.Context(), target, forged); errorCode(err) != 103 {
				t.Errorf("%s publishes to %s: got %v, want 103", name, target, err)
			}
		}
	}
	if _, err := bob.socket.History(t.Context(), channel, centrifuge.WithHistoryLimit(10)); errorCode(err) != 103 {
		t.Errorf("history by a stranger: got %v, want 103", err)
	}
	for _, target := range []string{channel, chat.PresenceChannel} {
		if _, err := bob.socket.Presence(t.Context(), target); errorCode(err) != 103 && errorCode(err) != 108 {
			t.Errorf("presence of %s: got %v, want 103 or 108", target, err)
		}
	}
	said := alice.say(room.ID, "real")
	if e := alice.next("message.sent"); e.Seq != said.Rev {
		t.Errorf("heard %s", e.raw)
	}
}

func TestH126_H203_removed_from_a_room(t *testing.T) {
	inEachDatabase(t, func(h *house) {
		alice, bob := h.arrives("alice"), h.arrives("bob")
		room := alice.room(wire.Private, "secret", "bob")
		channel := chat.RoomChannel(room.ID)
		if err := alice.follows(channel); err != nil {
			t.Fatal(err)
		}
		followed, _, err := bob.subscribes(channel, centrifuge.SubscriptionConfig{Recoverable: true})
		if err != nil {
			t.Fatal(err)
		}
		alice.say(room.ID, "while he is in")
		bob.next("message.sent")
		calls[wire.Nothing](alice, "room.remove", wire.RoomPerson{RoomID: room.ID, UserID: bob.id()})
		alice.say(room.ID, "now that he is out")
		alice.next("member.left")
		for !strings.Contains(alice.next("message.sent").raw, "now that he is out") {
			continue
		}
		if cut := <-bob.cuts; cut.Code != 2000 {
			t.Errorf("the subscription: got %d, want 2000", cut.Code)
		}
		bob.next("room.removed")
		if err := bob.follows(chat.TypingChannel(room.ID)); errorCode(err) != 103 {
			t.Errorf("typing: got %v, want 103", err)
		}
		<-bob.cuts
		if err := followed.Subscribe(); err != nil { // it asks for what it has missed
			t.Fatal(err)
		}
		if cut := <-bob.cuts; cut.Code != 103 {
			t.Errorf("recovery: got %d, want 103", cut.Code)
		}
		if _, err := bob.socket.History(t.Context(), channel, centrifuge.WithHistoryLimit(10)); errorCode(err) != 103 {
			t.Errorf("history: got %v, want 103", err)
		}
		for len(bob.heard) > 0 {
			if e := <-bob.heard; strings.Contains(e.raw, "now that he is out") || e.Type == "member.left" {
				t.Errorf("bob heard %s", e.raw)
			}
		}
	})
}

func TestH195_what_others_see(t *testing.T) {
	h := newHouse(t)
	bob := h.arrives("bob")
	if err := bob.follows(chat.PresenceChannel); err != nil {
		t.Fatal(err)
	}
	alice := h.arrives("alice")
	if err := alice.follows(chat.PresenceChannel); err != nil {
		t.Fatal(err)
	}
	joined := bob.next("join")
	for joined.who.User != alice.id() {
		joined = bob.next("join")
	}
	public(t, "join", string(joined.who.ConnInfo), "username", "name")
	if len(joined.who.ChanInfo) > 0 {
		t.Errorf("join: got %s", joined.who.ChanInfo)
	}
	present, err := bob.socket.Presence(t.Context(), chat.PresenceChannel)
	if err != nil || len(present.Clients) != 2 {
		t.Fatalf("presence: got %+v, %v", present, err)
	}
	for _, who := range present.Clients {
		public(t, "presence", string(who.ConnInfo), "username", "name")
	}
	found := calls[json.RawMessage](bob, "people.get", wire.PersonQuery{Username: "alice"})
	public(t, "people.get", string(found), "id", "username", "name", "status", "colour")
	if got := calls[wire.Online](bob, "people.online", wire.OnlineQuery{UserIDs: []string{alice.id(), uuid.NewString()}}); len(got.UserIDs) != 1 || got.UserIDs[0] != alice.id() {
		t.Errorf("online: got %v", got)
	}
	alice.socket.Close()
	for bob.next("leave").who.User != alice.id() {
		continue
	}
}

// public checks that JSON has no field but these.
func public(t *testing.T, what, raw string, fields ...string) {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal([]byte(raw), &got); err != nil {
		t.Fatalf("%s: %v: %s", what, err, raw)
	}
	for _, field := range fields {
		delete(got, field)
	}
	if len(got) > 0 {
		t.Errorf("%s shows more than %v: %s", what, fields, raw)
	}
}

// TestH197_H199_H225_what_a_client_says_of_itself: the server's own knowledge of
// who speaks wins over every field.
func TestH197_H199_H225_what_a_client_says_of_itself(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.arrives("alice"), h.arrives("bob")
	room := alice.room(wire.Public, "square", "bob")
	forged := map[string]any{
		"room_id": room.ID, "key": uuid.NewString(), "text": "hello", "user_id": alice.id(), "author": map[string]string{"id": alice.id()},
		"author_id": alice.id(), "number": 999, "rev": 999, "tenant": "other", "sent_at": "2001-01-01T00:00:00Z", "__proto__": map[string]any{"role": "admin"},
	}
	if said := calls[wire.Message](bob, "message.send", forged); said.Author.ID != bob.id() || said.Number != 1 || said.SentAt.Year() == 2001 {
		t.Errorf("said: got %+v", said)
	}
	status, body := bob.send(http.MethodPatch, "/api/profile", map[string]any{
		"name": "Bob", "role": "admin", "id": alice.id(), "username": "root", "user_id": alice.id(), "disabled": true, "epoch": 9,
	})
	if status != http.StatusOK || strings.Contains(body, "root") || !strings.Contains(body, bob.id()) {
		t.Errorf("profile: got %d %s", status, body)
	}
	if me := fetch[wire.Me](bob.visitor, "/api/profile"); me.Role != "member" || me.Username != "bob" || me.Name != "Bob" {
		t.Errorf("bob is %+v", me)
	}
	if me := fetch[wire.Me](alice.visitor, "/api/profile"); me.Name != "alice" {
		t.Errorf("alice is %+v", me)
	}
	made := calls[wire.MyRoom](bob, "room.create", map[string]any{"kind": "private", "name": "x", "id": room.ID, "created_by": alice.id(), "seq": 77, "role": "owner"})
	if made.ID == room.ID || made.CreatedBy != bob.id() || made.Seq != 1 {
		t.Errorf("made: got %+v", made)
	}
}

func TestH196_what_only_administrators_call(t *testing.T) {
	h := newHouse(t)
	alice, admin := h.arrives("alice"), h.arrives("admin")
	missing := alice.answer("admin.nothing", `{}`)
	for _, method := range []string{
		"admin.users", "admin.role", "admin.disable", "admin.sessions", "admin.revoke", "admin.connections", "admin.disconnect", "admin.stats",
		"admin.audit", "admin.invite", "admin.invitations", "admin.uninvite",
	} {
		for _, payload := range []string{`{}`, `"not an object"`, `{"user_id":7}`} {
			if got := alice.answer(method, payload); got != missing {
				t.Errorf("%s %s: got %s, want %s as for a method that does not exist", method, payload, got, missing)
			}
		}
		if got := admin.answer(method, `{}`); got == missing {
			t.Errorf("%s: does not exist for administrators either", method)
		}
	}
	for _, path := range []string{"users", "connections", "stats", "audit", "invitations"} {
		status, body := alice.do(http.MethodGet, "/api/admin/"+path, "", nil)
		unknown, same := alice.do(http.MethodGet, "/api/"+path+"-nothing", "", nil)
		if status != http.StatusNotFound || status != unknown || body != same {
			t.Errorf("%s: got %d %s, want %d %s", path, status, body, unknown, same)
		}
		if status, _ := admin.do(http.MethodGet, "/api/admin/"+path, "", nil); status != http.StatusOK {
			t.Errorf("%s by an administrator: got %d", path, status)
		}
	}
}

// answer is what a call with a raw payload is answered with.
func (p *person) answer(method, payload string) string {
	p.t.Helper()
	answer, err := p.socket.RPC(p.t.Context(), method, []byte(payload))
	if err != nil {
		return err.Error()
	}
	return string(answer.Data)
}

func TestH200_an_answer_reaches_who_asked(t *testing.T) {
	h := newHouse(t)
	alice := h.signedIn("alice")
	phone, laptop := alice.connects(), alice.connects()
	for len(laptop.heard) > 0 { // its own sign-in
		<-laptop.heard
	}
	if people := calls[wire.People](phone, "people.list", wire.PeopleQuery{}); len(people.People) != 3 {
		t.Errorf("people: got %+v", people)
	}
	calls[wire.Me](laptop, "profile.get", wire.Nothing{}) // an answer later, nothing else has come
	for len(laptop.heard) > 0 {
		if e := <-laptop.heard; e.Type != "sessions.changed" {
			t.Errorf("the laptop heard %s", e.raw)
		}
	}
}

func TestH201_there_is_no_publishing_by_HTTP(t *testing.T) {
	h := newHouse(t)
	for _, v := range []*visitor{h.visitor(), h.signedIn("admin")} {
		for _, path := range []string{"/api", "/api/publish", "/api/broadcast", "/ws/publish", "/emulation"} {
			status, _ := v.do(http.MethodPost, path, `{"channel":"presence","data":{}}`, http.Header{"Content-Type": {"application/json"}, "X-Api-Key": {"key"}})
			if status != http.StatusNotFound && status != http.StatusMethodNotAllowed {
				t.Errorf("%s: got %d", path, status)
			}
		}
	}
}

func TestH224_SQL_in_every_field(t *testing.T) {
	inEachDatabase(t, func(h *house) {
		alice := h.arrives("alice")
		room := alice.room(wire.Public, "square")
		for _, nasty := range []string{`' OR 1=1 --`, `"; DROP TABLE messages; --`, `\'; SELECT pg_sleep(5); --`, "%", "\x00", `${1}`, "\ufffd"} {
			for method, in := range map[string]any{
				"room.get": wire.RoomRef{RoomID: nasty}, "room.browse": wire.BrowseRooms{Query: nasty, After: nasty},
				"room.create": wire.CreateRoom{Kind: nasty, Name: nasty}, "room.direct": wire.DirectRoom{UserID: nasty},
				"room.invite": wire.RoomPerson{RoomID: room.ID, Username: nasty}, "room.remove": wire.RoomPerson{RoomID: room.ID, UserID: nasty},
				"room.members": wire.MembersQuery{RoomID: room.ID, After: nasty}, "room.history": wire.HistoryQuery{RoomID: room.ID, AroundID: nasty},
				"message.send": wire.SendMessage{RoomID: room.ID, Key: nasty, Text: nasty}, "message.edit": wire.EditMessage{MessageID: nasty, Text: nasty},
				"reaction.set": wire.SetReaction{MessageID: nasty, Emoji: nasty}, "people.list": wire.PeopleQuery{Query: nasty, After: nasty},
				"people.get": wire.PersonQuery{Username: nasty}, "profile.set": wire.Profile{Colour: &nasty},
				"room.role": wire.SetRoomRole{RoomID: room.ID, UserID: nasty, Role: nasty},
			} {
				if code := alice.code(method, in); code == 100 {
					t.Errorf("%s with %q: an internal error", method, nasty)
				}
			}
			if status, _ := h.visitor().post("/api/login", map[string]string{"username": nasty, "password": nasty}); status != http.StatusUnauthorized {
				t.Errorf("login with %q: got %d, want 401", nasty, status)
			}
			if status, _ := h.visitor().post("/api/register", wire.Register{Invitation: nasty, Username: nasty, Name: nasty, Password: nasty}); status != http.StatusForbidden {
				t.Errorf("register with %q: got %d, want 403", nasty, status)
			}
		}
		if said := alice.say(room.ID, `'; DROP TABLE messages; --`); said.Text != `'; DROP TABLE messages; --` {
			t.Errorf("said: got %+v", said)
		}
		for _, id := range []string{"%00", "'%20OR%201=1", "%ff"} {
			if status, _ := alice.do(http.MethodGet, "/api/rooms/"+id, "", nil); status != http.StatusNotFound {
				t.Errorf("room %s: got %d, want 404", id, status)
			}
			if status, _ := alice.do(http.MethodDelete, "/api/sessions/"+id, "", http.Header{"Origin": {h.server.URL}}); status != http.StatusNotFound {
				t.Errorf("session %s: got %d, want 404", id, status)
			}
		}
	})
}

// TestH215_markup_is_text: what is stored and sent is what was written, and JSON
// carries no raw markup into a page.
func TestH215_markup_is_text(t *testing.T) {
	h := newHouse(t)
	alice := h.arrives("alice")
	text := `<img src=x onerror=alert(1)> [x](javascript:alert(1)) </script>`
	room := alice.room(wire.Public, `<b onclick=x>`)
	if said := alice.say(room.ID, text); said.Text != text {
		t.Errorf("said: got %q", said.Text)
	}
	_, body := alice.do(http.MethodGet, "/api/rooms/"+room.ID+"/messages", "", nil)
	if strings.ContainsAny(body, "<>") {
		t.Errorf("raw markup in the answer: %s", body)
	}
	if page := fetch[wire.History](alice.visitor, "/api/rooms/"+room.ID+"/messages"); page.Messages[0].Text != text {
		t.Errorf("read: got %q", page.Messages[0].Text)
	}
}

func TestH207_H208_H222_H223_the_routes_of_the_chat(t *testing.T) {
	h := newHouse(t)
	alice := h.arrives("alice")
	room := alice.room(wire.Public, "square")
	messages := "/api/rooms/" + room.ID + "/messages"
	body := `{"key":"` + uuid.NewString() + `","text":"hello"}`
	evil := http.Header{"Content-Type": {"application/json"}, "Origin": {"https://evil.example"}}
	for name, try := range map[string]struct {
		method, path string
		header       http.Header
		want         int
	}{
		"H207 from another site":  {"POST", messages, evil, 403},
		"H207 a foreign profile":  {"PATCH", "/api/profile", evil, 403},
		"H207 a foreign register": {"POST", "/api/register", evil, 403},
		"H208 another method":     {"DELETE", messages, nil, 405},
		"H208 a method override":  {"GET", "/api/rooms/" + room.ID + "/read", http.Header{"X-Http-Method-Override": {"PUT"}}, 405},
		"H208 register by GET":    {"GET", "/api/register", nil, 405},
		"H223 JSON as text":       {"POST", messages, http.Header{"Content-Type": {"text/plain"}}, 415},
	} {
		if status, answer := alice.do(try.method, try.path, body, try.header); status != try.want {
			t.Errorf("%s: got %d %s, want %d", name, status, answer, try.want)
		}
	}
	if status, _ := h.visitor().do("GET", messages, "", nil); status != http.StatusUnauthorized {
		t.Errorf("nobody reads: got %d, want 401", status)
	}
	request, err := http.NewRequestWithContext(context.Background(), "GET", h.server.URL+messages, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Origin", "https://evil.example")
	response, err := alice.visitor.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.Header.Get("Access-Control-Allow-Origin") != "" || response.Header.Get("Cache-Control") != "no-store" { // H222, H218
		t.Errorf("headers: got %v", response.Header)
	}
}
