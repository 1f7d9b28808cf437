package chat_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/app/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Run(m)) }

// world is a chat on one database, with admin, alice, bob and carol, and somebody
// who moderates.
type world struct {
	*chat.Service
	t     *testing.T
	store *store.Store
	relay *chat.Relay
	out   *outlet
	id    map[string]string
}

// onEach runs a test on a chat in each kind of database.
func onEach(t *testing.T, test func(w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) { test(newWorld(t, s)) })
}

func newWorld(t *testing.T, s *store.Store) *world {
	t.Helper()
	w := &world{t: t, store: s, out: &outlet{}, id: map[string]string{}}
	w.relay = chat.NewRelay(s.Chat(), slog.New(slog.NewTextHandler(io.Discard, nil)))
	w.Service = chat.New(s.Chat(), w.relay, chat.Options{MessagesPer10s: 100_000})
	for name, role := range map[string]account.Role{
		"admin": account.Admin, "mod": account.Moderator, "alice": account.Member, "bob": account.Member, "carol": account.Member,
	} {
		id, err := uuid.NewV7()
		if err != nil {
			t.Fatal(err)
		}
		w.id[name] = id.String()
		made := account.Account{ID: id.String(), Username: name, Name: "The " + name, Role: role, PasswordHash: "hash", Epoch: 1}
		if err := s.InsertAccount(t.Context(), made); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// drain carries out what the outbox holds and returns it, in order.
func (w *world) drain() []done {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	stop()
	w.relay.Run(ctx, w.out)
	return w.out.take()
}

// done is something that the relay has done, and the type of its event.
type done struct {
	action, target, kind string
	data                 map[string]any
}

// outlet is a carrier that remembers.
type outlet struct {
	mu  sync.Mutex
	all []done
	// notices are those that the history keeps in the place of words.
	notices []done
	keys    map[string]bool
	fail    bool
}

var errDown = errors.New("the hub is away")

func (o *outlet) add(action, target string, data []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fail {
		return errDown
	}
	one := done{action: action, target: target}
	if data != nil {
		if err := json.Unmarshal(data, &one.data); err != nil {
			return err
		}
		one.kind, _ = one.data["type"].(string)
	}
	if one.kind == "message.notice" {
		o.notices = append(o.notices, one)
		return nil
	}
	o.all = append(o.all, one)
	return nil
}

func (o *outlet) Publish(_ context.Context, channel string, data []byte, key string) error {
	o.mu.Lock()
	if o.keys == nil {
		o.keys = map[string]bool{}
	}
	known := o.keys[key]
	o.keys[key] = !o.fail
	o.mu.Unlock()
	if known {
		return nil
	}
	return o.add("publish", channel, data)
}

func (o *outlet) Pass(_ context.Context, channel string, data []byte) error {
	return o.add("pass", channel, data)
}

func (o *outlet) Broadcast(_ context.Context, data []byte) error {
	return o.add("broadcast", "", data)
}

func (o *outlet) Rejudge(_ context.Context, userID string) { _ = o.add("rejudge", userID, nil) }

func (o *outlet) take() []done {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := o.all
	o.all = nil
	return all
}

// kinds are the types of the events of one channel.
func kinds(all []done, target string) []string {
	found := []string{}
	for _, one := range all {
		if one.target == target {
			found = append(found, one.kind)
		}
	}
	return found
}

// must fails the test where something was refused.
func must[T any](w *world) func(T, error) T {
	return func(got T, err error) T {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
		return got
	}
}

// wants fails the test unless something was refused in that way.
func (w *world) wants(what string, err error, kind refusal.Kind) {
	w.t.Helper()
	if !errors.Is(err, kind.Plain()) {
		w.t.Errorf("%s: got %v, want %s", what, err, kind.Word)
	}
}

func (w *world) room(owner, kind, name string, guests ...string) string {
	w.t.Helper()
	made := must[wire.MyRoom](w)(w.CreateRoom(w.t.Context(), w.id[owner], wire.CreateRoom{Kind: kind, Name: name}))
	for _, guest := range guests {
		w.brings(owner, made.ID, guest)
	}
	return made.ID
}

// brings invites somebody, who accepts.
func (w *world) brings(by, room, guest string) {
	w.t.Helper()
	must[wire.Kept](w)(w.Invite(w.t.Context(), w.id[by], wire.RoomPerson{RoomID: room, Username: guest}))
	must[wire.MyRoom](w)(w.Accept(w.t.Context(), w.id[guest], wire.RoomRef{RoomID: room}))
}

func (w *world) say(who, room, text string) wire.Message {
	w.t.Helper()
	return must[wire.Message](w)(w.Send(w.t.Context(), w.id[who], wire.SendMessage{RoomID: room, Key: uuid.NewString(), Text: text}))
}
