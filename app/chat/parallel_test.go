package chat_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
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

// TestH321_two_devices_change_one_profile: each names what it changes, and nothing
// else is written.
func TestH321_two_devices_change_one_profile(t *testing.T) {
	onEach(t, func(w *world) {
		for i := range 10 {
			name, status := fmt.Sprint("Alice ", i), fmt.Sprint("busy ", i)
			var all sync.WaitGroup
			for _, one := range []wire.Profile{{Name: &name}, {Status: &status}} {
				all.Go(func() {
					if _, err := w.SetProfile(w.t.Context(), w.id["alice"], one); err != nil {
						w.t.Error(err)
					}
				})
			}
			all.Wait()
			got := must[wire.Person](w)(w.Person(w.t.Context(), w.id["bob"], wire.PersonQuery{UserID: w.id["alice"]}))
			if got.Name != name || got.Status != status {
				w.t.Errorf("round %d: got %+v, want %s and %s", i, got, name, status)
			}
		}
	})
}

// waiting is a store in which something happens before work gets the room, and
// before it counts the rooms of a person.
type waiting struct {
	chat.Store
	room, count func()
}

func (w waiting) Change(ctx context.Context, work func(chat.Tx) error) error {
	return w.Store.Change(ctx, func(tx chat.Tx) error { return work(waitingTx{tx, w}) })
}

type waitingTx struct {
	chat.Tx
	waiting
}

func (w waitingTx) RoomByID(ctx context.Context, id string) (wire.Room, error) {
	w.room()
	return w.Tx.RoomByID(ctx, id)
}

func (w waitingTx) CountSeats(ctx context.Context, userID string) (int64, error) {
	w.count()
	return w.Tx.CountSeats(ctx, userID)
}

// TestH321_rights_that_end_while_the_room_is_waited_for: SQLite has one writer, so
// nothing comes between there.
func TestH321_rights_that_end_while_the_room_is_waited_for(t *testing.T) {
	opened, err := store.OpenPostgres(t.Context(), storetest.Address(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	w := newWorld(t, opened)
	accounts := account.New(opened)
	id := w.room("alice", wire.Public, "square", "bob", "carol")
	between := func(meanwhile func() error) *chat.Service {
		return chat.New(waiting{Store: opened.Chat(), count: func() {}, room: func() {
			if err := meanwhile(); err != nil {
				t.Error(err)
			}
		}}, w.relay, chat.Options{})
	}
	disabled := between(func() error {
		_, err := accounts.SetDisabled(t.Context(), "", w.id["bob"], true)
		return err
	})
	_, err = disabled.Send(t.Context(), w.id["bob"], wire.SendMessage{RoomID: id, Key: uuid.NewString(), Text: "still here"})
	w.wants("who is disabled meanwhile says something", err, refusal.Forbidden)
	demoted := between(func() error {
		_, err := accounts.SetRole(t.Context(), "", w.id["mod"], account.Member)
		return err
	})
	_, err = demoted.RemoveMember(t.Context(), w.id["mod"], wire.RoomPerson{RoomID: id, UserID: w.id["carol"]})
	w.wants("who is demoted meanwhile removes somebody", err, refusal.Forbidden)
}

// TestH321_nobody_gets_into_more_rooms_than_there_may_be fills a person's rooms up
// to two, and lets eight doors open at once.
func TestH321_nobody_gets_into_more_rooms_than_there_may_be(t *testing.T) {
	onEach(t, func(w *world) {
		const most = 200
		var open []string
		err := w.store.Chat().Change(t.Context(), func(tx chat.Tx) error {
			for i := range most + 6 {
				room := wire.Room{ID: uuid.NewString(), Kind: wire.Public, Name: fmt.Sprint("room ", i), CreatedBy: w.id["alice"]}
				if _, err := tx.InsertRoom(t.Context(), room, chat.NameKey{}, ""); err != nil {
					return err
				}
				if err := tx.InsertSeat(t.Context(), room.ID, w.id["alice"], chat.Seat{Role: wire.RoomOwner}, room.CreatedAt); err != nil || i >= most-2 {
					open = append(open, room.ID)
					continue
				}
				if err := tx.InsertSeat(t.Context(), room.ID, w.id["bob"], chat.Seat{Role: wire.RoomMember, Own: true}, room.CreatedAt); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			w.t.Fatal(err)
		}
		var all, there sync.WaitGroup
		there.Add(len(open))
		door := w.Service
		if strings.HasSuffix(w.t.Name(), "PostgreSQL") { // SQLite has one writer: nobody waits there with a count in hand
			door = chat.New(waiting{Store: w.store.Chat(), room: func() {}, count: func() { there.Done(); there.Wait() }}, w.relay, chat.Options{})
		}
		for _, id := range open {
			all.Go(func() {
				_, err := door.JoinRoom(w.t.Context(), w.id["bob"], wire.RoomRef{RoomID: id})
				if err != nil && !errors.Is(err, refusal.Full.Plain()) {
					w.t.Error(err)
				}
			})
		}
		all.Wait()
		if got := must[wire.MyRooms](w)(w.MyRooms(w.t.Context(), w.id["bob"], wire.Nothing{})); len(got.Rooms) != most {
			w.t.Errorf("rooms of bob: got %d, want %d", len(got.Rooms), most)
		}
	})
}

// TestSearch_RegardlessOfCase: capitals of every script, on every database.
func TestSearch_RegardlessOfCase(t *testing.T) {
	onEach(t, func(w *world) {
		ctx, name := w.t.Context(), "\u00c9lodie \u0160vejk"
		must[wire.Person](w)(w.SetProfile(ctx, w.id["alice"], wire.Profile{Name: &name}))
		w.room("alice", wire.Public, "\u00c9tudes")
		for _, query := range []string{"\u00e9lo", "\u00c9LO", "E\u0301lo", "\u0161VEJK"} {
			if got := must[wire.People](w)(w.PeopleLike(ctx, w.id["bob"], wire.PeopleQuery{Query: query})); len(got.People) != 1 || got.People[0].Name != name {
				w.t.Errorf("people like %q: got %+v, want %s", query, got.People, name)
			}
			if got, err := w.store.AccountsAfter(ctx, "\u00e9lodie", "", 10); err != nil || len(got) != 1 {
				w.t.Errorf("accounts like %q: got %+v, %v", query, got, err)
			}
		}
		for _, query := range []string{"\u00e9TU", "\u00c9tudes", "E\u0301T"} {
			if got := must[wire.PublicRooms](w)(w.BrowseRooms(ctx, w.id["bob"], wire.BrowseRooms{Query: query})); len(got.Rooms) != 1 {
				w.t.Errorf("rooms like %q: got %+v, want one", query, got.Rooms)
			}
		}
	})
}

func TestH335_typing_with_ids_of_ones_own(t *testing.T) {
	opened, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	w := newWorld(t, opened)
	long := strings.Repeat("r", 60<<10)
	before := heap()
	for i := range 20_000 {
		if _, err := w.Typing(t.Context(), w.id["alice"], wire.RoomRef{RoomID: fmt.Sprint(i, long)}); !errors.Is(err, refusal.NoRoom.Plain()) {
			t.Fatalf("an id of 60 kB: got %v, want that there is no such room", err)
		}
	}
	if grown := heap() - before; grown > 16<<20 {
		t.Errorf("heap: grew by %d MB, want at most 16", grown>>20)
	}
	runtime.KeepAlive(w)
}

func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
