package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/retention"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/app/store/storetest"
)

// forgetAll forgets until nothing more is there, and returns how often it had to.
func forgetAll(t *testing.T, s *store.Store, what retention.Kind, before time.Time) (times int) {
	t.Helper()
	for more := true; more; times++ {
		var err error
		if more, err = s.Forget(t.Context(), what, before); err != nil {
			t.Fatal(err)
		}
	}
	return times
}

// TestH335_sessions_are_forgotten: those that ended or expired, with their refresh
// tokens, and no others. One that is forgotten lets nobody in.
func TestH335_sessions_are_forgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		alice := insert(t, s, "alice", account.Member)
		open := func(expires time.Time) string {
			t.Helper()
			id := uuid.NewString()
			if err := s.InsertSession(t.Context(), session.Session{ID: id, AccountID: alice.ID, Created: time.Now()}, alice.Epoch, expires); err != nil {
				t.Fatal(err)
			}
			if err := s.InsertRefresh(t.Context(), "token of "+id, id, expires); err != nil {
				t.Fatal(err)
			}
			return id
		}
		now := time.Now()
		lives, expired, ended := open(now.Add(48*time.Hour)), open(now.Add(-48*time.Hour)), open(now.Add(48*time.Hour))
		if _, err := s.EndSession(t.Context(), alice.ID, ended); err != nil {
			t.Fatal(err)
		}
		for range 600 {
			open(now.Add(-72 * time.Hour))
		}
		known := func(id string) bool {
			t.Helper()
			standing, err := s.Standing(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if standing.AccountID == "" && !standing.Ended {
				t.Errorf("a session that is not known counts as open")
			}
			return standing.AccountID != ""
		}
		if times := forgetAll(t, s, retention.Sessions, now.Add(-60*time.Hour)); times != 2 {
			t.Errorf("602 in batches of 500: got %d", times)
		}
		if !known(lives) || !known(expired) || !known(ended) {
			t.Error("one that is not old enough is gone")
		}
		forgetAll(t, s, retention.Sessions, now.Add(-24*time.Hour))
		if !known(lives) || known(expired) || !known(ended) {
			t.Errorf("got %v %v %v, want the expired one gone", known(lives), known(expired), known(ended))
		}
		forgetAll(t, s, retention.Sessions, now.Add(time.Hour))
		if !known(lives) || known(ended) {
			t.Errorf("got %v %v, want the ended one gone", known(lives), known(ended))
		}
		if _, found, err := s.Refresh(t.Context(), "token of "+ended); err != nil || found {
			t.Errorf("its refresh token: got %v, %v", found, err)
		}
		if _, found, err := s.Refresh(t.Context(), "token of "+lives); err != nil || !found {
			t.Errorf("the refresh token of an open one: got %v, %v", found, err)
		}
		forgetAll(t, s, retention.Tokens, now.Add(49*time.Hour))
		if _, found, err := s.Refresh(t.Context(), "token of "+lives); err != nil || found || !known(lives) {
			t.Errorf("an expired refresh token: got %v, %v, its session %v", found, err, known(lives))
		}
	})
}

func TestH335_invitations_and_audit_are_forgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		invitations, admin := account.NewInvitations(s), insert(t, s, "admin", account.Admin)
		long, _, err := invitations.Invite(t.Context(), admin.ID, account.Member, "", 48*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		used, _, err := invitations.Invite(t.Context(), admin.ID, account.Member, "", 48*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := invitations.Register(t.Context(), used, "bob", "", "a good password"); err != nil {
			t.Fatal(err)
		}
		log := audit.New(s, nil)
		for i := range 3 {
			log.Record(t.Context(), audit.Entry{Action: audit.LoginAccepted, Detail: fmt.Sprint(i)})
		}
		entries := func() int {
			t.Helper()
			found, err := log.Read(t.Context(), audit.Page{Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			return len(found)
		}
		forgetAll(t, s, retention.Audit, time.Now().Add(-time.Hour))
		forgetAll(t, s, retention.Invitations, time.Now().Add(-time.Hour))
		if got := entries(); got != 3 {
			t.Errorf("young entries: got %d, want 3", got)
		}
		forgetAll(t, s, retention.Audit, time.Now().Add(time.Hour))
		forgetAll(t, s, retention.Invitations, time.Now().Add(time.Hour))
		if got := entries(); got != 0 {
			t.Errorf("old entries: got %d, want 0", got)
		}
		if open, err := s.OpenInvitations(t.Context()); err != nil || len(open) != 1 {
			t.Errorf("open invitations: got %v, %v, want the one that can be used", open, err)
		}
		if _, err := invitations.Register(t.Context(), long, "carol", "", "a good password"); err != nil {
			t.Errorf("one that is open: %v", err)
		}
	})
}

// TestH335_messages_are_forgotten with what belongs to them; nothing stays unread
// that nobody can read, and what is said later goes on as before.
func TestH335_messages_are_forgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		alice, bob := insert(t, s, "alice", account.Member), insert(t, s, "bob", account.Member)
		talk := chat.New(s.Chat(), chat.NewRelay(s.Chat(), nil), chat.Options{MessagesPer10s: 2000})
		room, err := talk.CreateRoom(t.Context(), alice.ID, wire.CreateRoom{Kind: wire.Public, Name: "square"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := talk.JoinRoom(t.Context(), bob.ID, wire.RoomRef{RoomID: room.ID}); err != nil {
			t.Fatal(err)
		}
		say := func(text string) wire.Message {
			t.Helper()
			said, err := talk.Send(t.Context(), alice.ID, wire.SendMessage{RoomID: room.ID, Key: uuid.NewString(), Text: text})
			if err != nil {
				t.Fatal(err)
			}
			return said
		}
		first := say("hello @bob")
		if _, err := talk.SetReaction(t.Context(), bob.ID, wire.SetReaction{MessageID: first.ID, Emoji: "👍", On: true}); err != nil {
			t.Fatal(err)
		}
		for range 520 {
			say("and so on")
		}
		forgetAll(t, s, retention.Messages, first.SentAt)
		if page, err := talk.History(t.Context(), bob.ID, wire.HistoryQuery{RoomID: room.ID, Around: 1}); err != nil || len(page.Messages) == 0 || page.Messages[0].ID != first.ID {
			t.Errorf("not old enough: got %v, %v", page.Messages, err)
		}
		if times := forgetAll(t, s, retention.Messages, time.Now().Add(time.Hour)); times != 2 {
			t.Errorf("521 in batches of 500: got %d", times)
		}
		rooms, err := talk.MyRooms(t.Context(), bob.ID, wire.Nothing{})
		if err != nil || len(rooms.Rooms) != 1 || rooms.Rooms[0].Unread.Unread != 0 || rooms.Rooms[0].Unread.Mentions != 0 {
			t.Errorf("bob's rooms: got %+v, %v, want nothing unread", rooms, err)
		}
		err = s.Chat().View(t.Context(), func(tx chat.Tx) error {
			mentions, err1 := tx.CountMentions(t.Context(), bob.ID, room.ID, 0)
			reacted, err2 := tx.ReactedWith(t.Context(), first, "👍", 10)
			if mentions != 0 || len(reacted) != 0 {
				t.Errorf("left behind: %d mentions and %v, want none", mentions, reacted)
			}
			return errors.Join(err1, err2)
		})
		if err != nil {
			t.Error(err)
		}
		page, err := talk.History(t.Context(), bob.ID, wire.HistoryQuery{RoomID: room.ID})
		if err != nil || len(page.Messages) != 0 || page.HasBefore || page.HasAfter {
			t.Errorf("history: got %+v, %v, want an empty one", page, err)
		}
		last := say("later")
		if page, err = talk.History(t.Context(), bob.ID, wire.HistoryQuery{RoomID: room.ID}); err != nil || len(page.Messages) != 1 || last.Number != 522 {
			t.Errorf("what came later: got %+v, %v, number %d", page, err, last.Number)
		}
		if page, err = talk.History(t.Context(), bob.ID, wire.HistoryQuery{RoomID: room.ID, Before: last.Number}); err != nil || len(page.Messages) != 0 || page.HasBefore {
			t.Errorf("before it: got %+v, %v, want nothing and nothing before", page, err)
		}
	})
}
