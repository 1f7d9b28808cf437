package store_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/app/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Run(m)) }

func insert(t *testing.T, s *store.Store, username string, role account.Role) account.Account {
	t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	made := account.Account{ID: id.String(), Username: username, Name: "The " + username, Role: role, PasswordHash: "hash", Epoch: 1}
	if err := s.InsertAccount(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	return made
}

func TestAccounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		alice := insert(t, s, "alice", account.Member)
		found, err := s.AccountByUsername(t.Context(), "alice")
		if found.Created.IsZero() {
			t.Error("nobody knows since when the account is there")
		}
		if found.Created = alice.Created; err != nil || found != alice {
			t.Errorf("by username: got %+v, %v", found, err)
		}
		for _, name := range []string{"bob", "", "al\x00ice", "\xff", "' OR 1=1 --"} { // H224
			if _, err := s.AccountByUsername(t.Context(), name); !errors.Is(err, account.ErrNotFound) {
				t.Errorf("%q: got %v, want ErrNotFound", name, err)
			}
			if _, err := s.AccountByID(t.Context(), name); !errors.Is(err, account.ErrNotFound) {
				t.Errorf("id %q: got %v, want ErrNotFound", name, err)
			}
		}
		again := alice
		again.ID = uuid.NewString()
		if err := s.InsertAccount(t.Context(), again); !errors.Is(err, account.ErrTaken) {
			t.Errorf("a second alice: got %v, want ErrTaken", err)
		}
		role, disabled := account.Moderator, true
		done, err := s.ChangeAccount(t.Context(), alice.ID, account.Change{Role: &role, Disabled: &disabled})
		if err != nil || !done.Any() || done.Was.Role != account.Member || done.Role != role || done.Epoch != 2 {
			t.Errorf("a change: got %+v, %v", done, err)
		}
		if again, err := s.ChangeAccount(t.Context(), alice.ID, account.Change{Role: &role}); err != nil || again.Any() || again.Epoch != 2 {
			t.Errorf("the same again: got %+v, %v, want nothing changed", again, err)
		}
		if _, err := s.ChangeAccount(t.Context(), uuid.NewString(), account.Change{Role: &role}); !errors.Is(err, account.ErrNotFound) {
			t.Errorf("nobody: got %v, want ErrNotFound", err)
		}
		if found, err := s.AccountByID(t.Context(), alice.ID); err != nil || found.Epoch != 2 || found.Role != account.Moderator || !found.Disabled {
			t.Errorf("after a change: got %+v, %v", found, err)
		}
		changed, err := s.AccountsChangedSince(t.Context(), time.Now().Add(-time.Minute))
		if err != nil || len(changed) != 1 || changed[0] != alice.ID {
			t.Errorf("changed: got %v, %v", changed, err)
		}
		if err := s.Ready(t.Context()); err != nil {
			t.Errorf("ready: %v", err)
		}
	})
}

func TestSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		alice := insert(t, s, "alice", account.Member)
		open := func() session.Session {
			made := session.Session{ID: uuid.NewString(), AccountID: alice.ID, Device: "a browser \xff", Address: "127.0.0.1", Created: time.Now()}
			if err := s.InsertSession(t.Context(), made, alice.Epoch, time.Now().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			return made
		}
		phone, laptop := open(), open()
		if err := s.InsertRefresh(t.Context(), "first", phone.ID, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		rotated := 0
		for _, next := range []string{"second", "third"} {
			won, err := s.Rotate(t.Context(), session.Rotation{
				Hash: "first", NextHash: next, Sealed: "sealed", SessionID: phone.ID, Address: "::1", Expires: time.Now().Add(time.Hour),
			})
			if err != nil {
				t.Fatal(err)
			}
			if won {
				rotated++
			}
		}
		if record, found, err := s.Refresh(t.Context(), "second"); rotated != 1 || err != nil || !found || record.AccountID != alice.ID {
			t.Errorf("rotations: got %d, then %+v %v %v", rotated, record, found, err)
		}
		if open, err := s.SessionsOf(t.Context(), alice.ID); err != nil || len(open) != 2 {
			t.Errorf("open: got %v, %v", open, err)
		}
		if was, err := s.EndSession(t.Context(), alice.ID, laptop.ID); err != nil || !was {
			t.Errorf("end: got %v, %v", was, err)
		}
		if was, err := s.EndSession(t.Context(), alice.ID, "x\x00"); err != nil || was {
			t.Errorf("end a strange one: got %v, %v", was, err)
		}
		if standing, err := s.Standing(t.Context(), laptop.ID); err != nil || !standing.Ended {
			t.Errorf("standing: got %+v, %v", standing, err)
		}
		if ids, err := s.EndOtherSessions(t.Context(), alice.ID, ""); err != nil || len(ids) != 1 || ids[0] != phone.ID {
			t.Errorf("end all: got %v, %v", ids, err)
		}
		if _, address, err := s.SessionFacts(t.Context(), phone.ID); err != nil || address != "::1" {
			t.Errorf("facts: got %q, %v", address, err)
		}
	})
}

func TestAnInvitationIsUsedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		invitations := account.NewInvitations(s)
		first, err := invitations.First(t.Context())
		if err != nil || first == "" {
			t.Fatalf("first: got %q, %v", first, err)
		}
		second, err := invitations.First(t.Context()) // the next start
		if err != nil || second == "" {
			t.Fatalf("second: got %q, %v", second, err)
		}
		if _, err := invitations.Register(t.Context(), first, "mallory", "", "a good password"); !errors.Is(err, account.ErrInvitation) {
			t.Errorf("the link of an earlier start: got %v, want ErrInvitation", err)
		}
		var wins sync.Map
		var adminID atomic.Value
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				made, err := invitations.Register(t.Context(), second, fmt.Sprintf("person%d", i), "", "a good password")
				if err == nil {
					wins.Store(i, made.Role)
					adminID.Store(made.ID)
				} else if !errors.Is(err, account.ErrInvitation) && !errors.Is(err, account.ErrBusy) {
					t.Errorf("register: %v", err)
				}
			})
		}
		all.Wait()
		count := 0
		wins.Range(func(_, role any) bool { count++; return role == account.Admin })
		if count != 1 {
			t.Errorf("accounts: got %d, want one administrator", count)
		}
		if third, err := invitations.First(t.Context()); err != nil || third != "" {
			t.Errorf("with an account: got %q, %v, want none", third, err)
		}
		admin, err := s.AccountByID(t.Context(), adminID.Load().(string))
		if err != nil {
			t.Fatal(err)
		}
		other, _, err := invitations.Invite(t.Context(), admin.ID, account.Member, "", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		insert(t, s, "taken", account.Member)
		if _, err := invitations.Register(t.Context(), other, "taken", "", "a good password"); !errors.Is(err, account.ErrTaken) {
			t.Errorf("a taken name: got %v, want ErrTaken", err)
		}
		if _, err := invitations.Register(t.Context(), other, "free", "", "a good password"); err != nil {
			t.Errorf("the invitation was used up by a failure: %v", err)
		}
		short, _, err := invitations.Invite(t.Context(), admin.ID, account.Member, "", -time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := invitations.Register(t.Context(), short, "late", "", "a good password"); !errors.Is(err, account.ErrInvitation) {
			t.Errorf("too late: got %v, want ErrInvitation", err)
		}
	})
}

func TestTheLastAdminStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		accounts := account.New(s)
		one, two := insert(t, s, "one", account.Admin), insert(t, s, "two", account.Admin)
		var all sync.WaitGroup
		var refused sync.Map
		for by, who := range map[string]account.Account{one.ID: two, two.ID: one} {
			all.Go(func() {
				if _, err := accounts.SetRole(t.Context(), by, who.ID, account.Member); errors.Is(err, account.ErrLastAdmin) || errors.Is(err, account.ErrNotAdmin) {
					refused.Store(who.ID, true)
				} else if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		left := 0
		refused.Range(func(any, any) bool { left++; return true })
		if left != 1 {
			t.Errorf("refused: got %d, want 1 of the two who demote each other at once", left)
		}
	})
}

func TestAudit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		alice := insert(t, s, "alice", account.Member)
		log := audit.New(s, nil)
		for i := range 5 {
			log.Record(t.Context(), audit.Entry{Action: audit.LoginAccepted, ActorID: alice.ID, Detail: fmt.Sprint(i)})
		}
		newest, err := log.Read(t.Context(), audit.Page{Limit: 2})
		if err != nil || len(newest) != 2 || newest[0].Detail != "4" || newest[0].Actor != "alice" {
			t.Fatalf("newest: got %+v, %v", newest, err)
		}
		rest, err := log.Read(t.Context(), audit.Page{Before: newest[1].ID, Limit: 10})
		if err != nil || len(rest) != 3 || rest[0].Detail != "2" {
			t.Errorf("the rest: got %+v, %v", rest, err)
		}
	})
}

func TestH235_postgres_without_tls_beyond_this_machine(t *testing.T) {
	for address, allowed := range map[string]bool{
		"postgres://yodel:secret-word@127.0.0.1/chat":                                          true,
		"postgres://yodel:secret-word@[::1]:5432/chat?sslmode=disable":                         true,
		"postgres://yodel:secret-word@localhost/chat":                                          true,
		"postgres://yodel@/chat?host=/run/postgresql":                                          true,
		"postgresql://yodel:secret-word@db.example.com/chat?sslmode=verify-full":               true,
		"postgres://yodel:secret-word@db.example.com/chat":                                     false, // prefer falls back to none
		"postgres://yodel:secret-word@db.example.com/chat?sslmode=disable":                     false,
		"postgres://yodel:secret-word@db.example.com/chat?sslmode=allow":                       false,
		"postgres://yodel:secret-word@127.0.0.1,db.example.com/chat":                           false,
		"postgres://yodel:secret-word@10.0.0.5/chat":                                           false,
		"mysql://yodel:secret-word@db.example.com/chat":                                        false,
		"postgres://yodel:secret-word@db.example.com:port/chat":                                false,
		"host=db.example.com user=yodel password=secret-word sslmode=verify-full dbname=yodel": false,
	} {
		err := store.CheckPostgres(address)
		if (err == nil) != allowed {
			t.Errorf("%s: got %v, allowed %v", address, err, allowed)
		}
		if err != nil && (strings.Contains(err.Error(), "secret-word") || !strings.Contains(err.Error(), "sslmode=verify-full")) {
			t.Errorf("%s: the error shows the password or does not name the fix: %v", address, err)
		}
	}
}
