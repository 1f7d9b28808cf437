package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/centrifugal/centrifuge-go"
	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app"
	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/store"
)

func TestTheStoryOfARoom(t *testing.T) {
	inEachDatabase(t, func(h *house) {
		alice, bob := h.arrives("alice"), h.arrives("bob")
		laptop := bob.visitor.connects() // bob's second device
		room := alice.room(wire.Public, "square", "bob")
		for _, device := range []*person{bob, laptop} {
			if e := device.next("room.added"); !strings.Contains(e.raw, room.ID) || e.channel != chat.UserChannel(bob.id()) {
				t.Errorf("bob's device heard %+v", e)
			}
			if err := device.follows(chat.RoomChannel(room.ID)); err != nil {
				t.Fatal(err)
			}
		}
		said := alice.say(room.ID, "hello @bob")
		for _, device := range []*person{bob, laptop} {
			if e := device.next("message.sent"); e.Seq != said.Rev || !strings.Contains(e.raw, `"text":"hello @bob"`) {
				t.Errorf("heard %+v, want seq %d", e, said.Rev)
			}
		}
		rooms := fetch[wire.MyRooms](bob.visitor, "/api/rooms")
		if mine := rooms.Rooms[0]; mine.ID != room.ID || mine.Unread.Unread != 1 || mine.Unread.Mentions != 1 {
			t.Errorf("bob's rooms: got %+v", rooms.Rooms[0])
		}
		calls[wire.Unread](bob, "read.mark", wire.MarkRead{RoomID: room.ID, Number: said.Number})
		if e := laptop.next("unread.changed"); !strings.Contains(e.raw, `"unread":0`) {
			t.Errorf("the laptop heard %s", e.raw)
		}
		status, body := bob.send(http.MethodPost, "/api/rooms/"+room.ID+"/messages", wire.SendMessage{RoomID: "ignored", Key: uuid.NewString(), Text: "by HTTP"})
		if status != http.StatusOK {
			t.Fatalf("send by HTTP: %d %s", status, body)
		}
		laptop.next("message.sent")
		page := fetch[wire.History](alice.visitor, "/api/rooms/"+room.ID+"/messages?before=2&limit=10")
		if len(page.Messages) != 1 || page.Messages[0].ID != said.ID || !page.HasAfter {
			t.Errorf("page: got %+v", page)
		}
		if status, _ := alice.do(http.MethodGet, "/api/rooms/"+room.ID+"/messages?before=soon", "", nil); status != http.StatusUnprocessableEntity {
			t.Errorf("before=soon: got %d, want 422", status)
		}
		if status, body := alice.do(http.MethodGet, "/api/rooms/"+uuid.NewString()+"/messages", "", nil); status != http.StatusNotFound || !strings.Contains(body, `"no_room"`) {
			t.Errorf("no such room: got %d %s", status, body)
		}
	})
}

func TestTyping(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.arrives("alice"), h.arrives("bob")
	room := alice.room(wire.Public, "square", "bob")
	for _, one := range []*person{alice, bob} {
		if err := one.follows(chat.TypingChannel(room.ID)); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 { // the second and third are left out and counted
		calls[wire.Nothing](alice, "typing.set", wire.RoomRef{RoomID: room.ID})
	}
	calls[wire.Nothing](bob, "typing.set", wire.RoomRef{RoomID: room.ID})
	if e := bob.next("typing"); !strings.Contains(e.raw, alice.id()) {
		t.Errorf("bob saw %s", e.raw)
	}
	if e := alice.next("typing"); !strings.Contains(e.raw, bob.id()) { // not her own
		t.Errorf("alice saw %s", e.raw)
	}
	select {
	case e := <-bob.heard:
		if e.Type == "typing" {
			t.Errorf("bob saw more: %s", e.raw)
		}
	default:
	}
	calls[wire.Message](alice, "message.send", wire.SendMessage{RoomID: room.ID, Key: uuid.NewString(), Text: "hm"})
	calls[wire.Nothing](alice, "typing.set", wire.RoomRef{RoomID: room.ID}) // she goes on, at once
	if e := bob.next("typing"); !strings.Contains(e.raw, alice.id()) {
		t.Errorf("after a message bob saw %s", e.raw)
	}
}

func TestAnnouncementsReachThoseWhoComeLater(t *testing.T) {
	h := newHouse(t)
	admin, alice := h.arrives("admin"), h.arrives("alice")
	if alice.welcome.Announcement != nil {
		t.Errorf("before: got %+v", alice.welcome.Announcement)
	}
	calls[wire.Announcement](admin, "announcement.send", wire.Announce{Key: uuid.NewString(), Text: "tea"})
	if e := alice.next("announced"); !strings.Contains(e.raw, `"text":"tea"`) {
		t.Errorf("alice heard %s", e.raw)
	}
	if bob := h.arrives("bob"); bob.welcome.Announcement == nil || bob.welcome.Announcement.Text != "tea" {
		t.Errorf("bob, who came later: got %+v", bob.welcome.Announcement)
	}
	if got := fetch[wire.LatestAnnouncement](alice.visitor, "/api/announcements/latest"); got.Announcement.Text != "tea" {
		t.Errorf("by HTTP: got %+v", got)
	}
	if code := alice.code("announcement.send", wire.Announce{Key: uuid.NewString(), Text: "coffee"}); code != 403 {
		t.Errorf("by a member: got %d, want 403", code)
	}
}

func TestFloodsAreRefused(t *testing.T) {
	h := newHouse(t, func(c *app.Config) { c.MessageRate = 3 })
	bob := h.arrives("bob")
	room := bob.room(wire.Public, "square")
	for range 3 {
		bob.say(room.ID, "x")
	}
	_, err := call[wire.Message](bob, "message.send", wire.SendMessage{RoomID: room.ID, Key: uuid.NewString(), Text: "x"})
	if errorCode(err) != 429 {
		t.Errorf("the fourth: got %v, want 429", err)
	}
	status, body := bob.send(http.MethodPost, "/api/rooms/"+room.ID+"/messages", wire.SendMessage{Key: uuid.NewString(), Text: "x"})
	if status != http.StatusTooManyRequests || !strings.Contains(body, "slow_down") {
		t.Errorf("by HTTP: got %d %s", status, body)
	}
	admin := h.arrives("admin")
	if stats := calls[wire.Stats](admin, "admin.stats", wire.Nothing{}); stats.Refused["messages"] != 2 {
		t.Errorf("counted: got %v", stats.Refused)
	}
}

// TestAMessageThatWasStoredAndNotPublished is a process that dies between the
// two: the next one publishes, and who was away reads what changed.
func TestAMessageThatWasStoredAndNotPublished(t *testing.T) {
	data := t.TempDir()
	there := func(c *app.Config) { c.DataDir, c.PublicURL = data, "http://localhost:9" }
	before := newHouse(t, there)
	alice, bob := before.arrives("alice"), before.arrives("bob")
	room := alice.room(wire.Public, "square", "bob")
	alice.say(room.ID, "before")
	_, subscribed, err := bob.subscribes(chat.RoomChannel(room.ID), centrifuge.SubscriptionConfig{})
	if err != nil || !subscribed.Recoverable {
		t.Fatalf("subscribe: %+v, %v", subscribed, err)
	}
	known := calls[wire.Sync](bob, "room.sync", wire.SyncQuery{RoomID: room.ID})

	beside, err := store.Open(t.Context(), data) // stores, and dies before its relay has run
	if err != nil {
		t.Fatal(err)
	}
	dying := chat.New(beside.Chat(), chat.NewRelay(beside.Chat(), nil), chat.Options{})
	said, err := dying.Send(t.Context(), alice.id(), wire.SendMessage{RoomID: room.ID, Key: uuid.NewString(), Text: "acknowledged"})
	if err != nil {
		t.Fatal(err)
	}
	if err := beside.Close(); err != nil {
		t.Fatal(err)
	}

	after := newHouse(t, there)
	again := after.arrives("bob")
	_, back, err := again.subscribes(chat.RoomChannel(room.ID), centrifuge.SubscriptionConfig{Recoverable: true})
	if err != nil {
		t.Fatal(err)
	}
	if back.StreamPosition.Epoch == subscribed.StreamPosition.Epoch {
		t.Error("the history is the one of the process that died")
	}
	missed := calls[wire.Sync](again, "room.sync", wire.SyncQuery{RoomID: room.ID, Since: known.Seq})
	if len(missed.Messages) != 1 || missed.Messages[0].ID != said.ID || missed.More {
		t.Errorf("missed: got %+v, want the one that was acknowledged", missed.Messages)
	}
	next := after.arrives("alice").say(room.ID, "after")
	for {
		e := again.next("message.sent")
		if e.Seq == next.Rev {
			break // in its place, after whatever the outbox has brought
		}
		if e.Seq > next.Rev || !strings.Contains(e.raw, said.ID) {
			t.Errorf("heard %s", e.raw)
		}
	}
	after.arrives("alice").say(room.ID, "and again")
	again.next("message.sent") // so what came before it is done with
	if left := outboxOf(t, data); strings.Contains(left, said.ID) {
		t.Errorf("in the outbox: got %s", left)
	}
}

func outboxOf(t *testing.T, data string) (left string) {
	t.Helper()
	opened, err := store.Open(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	err = opened.Chat().View(t.Context(), func(tx chat.Tx) error {
		tasks, err := tx.Tasks(t.Context(), 100)
		for _, task := range tasks {
			left += string(task.Data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return left
}
