package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/app/store/storetest"
)

// slow is a store that changes an account between what a password change reads and
// what it writes: the hashing takes long, and much can happen meanwhile.
type slow struct {
	*store.Store
	meanwhile func()
}

func (s slow) ChangeAccount(ctx context.Context, id string, c account.Change) (account.Changed, error) {
	s.meanwhile()
	return s.Store.ChangeAccount(ctx, id, c)
}

const oldPassword, newPassword = "the old password", "the new password"

// member makes an account that can sign in, and a session of it.
func member(t *testing.T, s *store.Store, username string) (account.Account, string) {
	t.Helper()
	made, err := account.New(s).Create(t.Context(), username, "", oldPassword, account.Member)
	if err != nil {
		t.Fatal(err)
	}
	return made, begun(t, s, made)
}

func begun(t *testing.T, s *store.Store, of account.Account) string {
	t.Helper()
	made := session.Session{ID: uuid.NewString(), AccountID: of.ID, Created: time.Now()}
	if err := s.InsertSession(t.Context(), made, of.Epoch, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// TestH321_password_change_and_whatever_comes_between runs each change of an
// account between the reading and the writing of a password change.
func TestH321_password_change_and_whatever_comes_between(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		admin := insert(t, s, "admin", account.Admin)
		accounts := account.New(s)
		for i, test := range []struct {
			name      string
			meanwhile func(a account.Account, session string) error
			refused   bool
			holds     func(a account.Account) bool
		}{
			{"disabled", func(a account.Account, _ string) error {
				_, err := accounts.SetDisabled(t.Context(), admin.ID, a.ID, true)
				return err
			}, true, func(a account.Account) bool { return a.Disabled }},
			{"another role", func(a account.Account, _ string) error {
				_, err := accounts.SetRole(t.Context(), admin.ID, a.ID, account.Moderator)
				return err
			}, false, func(a account.Account) bool { return a.Role == account.Moderator }},
			{"reset by the operator", func(a account.Account, _ string) error {
				_, err := accounts.SetPassword(t.Context(), a.ID, "of the operator")
				return err
			}, true, func(a account.Account) bool {
				_, err := accounts.Authenticate(t.Context(), a.Username, "of the operator")
				return err == nil
			}},
			{"the session revoked", func(a account.Account, session string) error {
				_, err := s.EndSession(t.Context(), a.ID, session)
				return err
			}, true, func(a account.Account) bool {
				_, err := accounts.Authenticate(t.Context(), a.Username, oldPassword)
				return err == nil
			}},
			{"nothing", func(account.Account, string) error { return nil }, false, func(account.Account) bool { return true }},
		} {
			made, open := member(t, s, fmt.Sprint("person.", i, "x"))
			between := account.New(slow{s, func() {
				if err := test.meanwhile(made, open); err != nil {
					t.Errorf("%s: %v", test.name, err)
				}
			}})
			_, err := between.ChangePassword(t.Context(), made.ID, open, oldPassword, newPassword)
			if errors.Is(err, account.ErrCredentials) != test.refused || (err != nil && !test.refused) {
				t.Errorf("%s: got %v, want refused %v", test.name, err, test.refused)
			}
			found, err := s.AccountByID(t.Context(), made.ID)
			if err != nil || !test.holds(found) {
				t.Errorf("%s: got %+v, %v, want what was done meanwhile to hold", test.name, found, err)
			}
			_, err = accounts.Authenticate(t.Context(), made.Username, newPassword)
			if (err == nil) == test.refused {
				t.Errorf("%s: the new password: got %v, want refused %v", test.name, err, test.refused)
			}
		}
	})
}

// TestH321_parallel_changes_undo_nothing is the same without a place to stop at.
func TestH321_parallel_changes_undo_nothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		admin := insert(t, s, "admin", account.Admin)
		accounts := account.New(s)
		for i := range 8 {
			made, open := member(t, s, fmt.Sprint("person.", i, "x"))
			var all sync.WaitGroup
			all.Go(func() {
				_, err := accounts.ChangePassword(t.Context(), made.ID, open, oldPassword, newPassword)
				if err != nil && !errors.Is(err, account.ErrCredentials) {
					t.Error(err)
				}
			})
			all.Go(func() {
				if _, err := accounts.SetRole(t.Context(), admin.ID, made.ID, account.Moderator); err != nil {
					t.Error(err)
				}
			})
			all.Go(func() {
				if _, err := accounts.SetDisabled(t.Context(), admin.ID, made.ID, true); err != nil {
					t.Error(err)
				}
			})
			all.Wait()
			if found, err := s.AccountByID(t.Context(), made.ID); err != nil || !found.Disabled || found.Role != account.Moderator {
				t.Errorf("%d: got %+v, %v, want a disabled moderator", i, found, err)
			}
		}
	})
}

func TestH321_an_administrator_who_is_one_no_longer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		one, two, bob := insert(t, s, "one", account.Admin), insert(t, s, "two", account.Admin), insert(t, s, "bob", account.Member)
		accounts := account.New(s)
		if _, err := accounts.SetRole(t.Context(), one.ID, two.ID, account.Member); err != nil {
			t.Fatal(err)
		}
		if _, err := accounts.SetRole(t.Context(), two.ID, bob.ID, account.Admin); !errors.Is(err, account.ErrNotAdmin) {
			t.Errorf("makes an administrator: got %v, want ErrNotAdmin", err)
		}
		if _, _, err := account.NewInvitations(s).Invite(t.Context(), two.ID, account.Admin, "", time.Hour); !errors.Is(err, account.ErrNotAdmin) {
			t.Errorf("invites: got %v, want ErrNotAdmin", err)
		}
	})
}

func TestH324_invitations_end_with_the_rights_of_who_made_them(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		accounts, invitations := account.New(s), account.NewInvitations(s)
		first, err := invitations.First(t.Context())
		if err != nil || first == "" {
			t.Fatalf("first: got %q, %v", first, err)
		}
		insert(t, s, "root", account.Admin)
		if _, err := invitations.Register(t.Context(), first, "mallory.first", "", oldPassword); !errors.Is(err, account.ErrInvitation) {
			t.Errorf("the first start's, where there is an administrator: got %v, want ErrInvitation", err)
		}
		disabled := func(id string, yes bool) error {
			_, err := accounts.SetDisabled(t.Context(), "", id, yes)
			return err
		}
		role := func(id string, role account.Role) error {
			_, err := accounts.SetRole(t.Context(), "", id, role)
			return err
		}
		for i, test := range []struct {
			name string
			does func(id string) error
			open bool
		}{
			{"nothing", func(string) error { return nil }, true},
			{"disabled", func(id string) error { return disabled(id, true) }, false},
			{"disabled and let in again", func(id string) error { return errors.Join(disabled(id, true), disabled(id, false)) }, false},
			{"demoted", func(id string) error { return role(id, account.Moderator) }, false},
			{"demoted and promoted again", func(id string) error { return errors.Join(role(id, account.Member), role(id, account.Admin)) }, false},
			{"a new password", func(id string) error {
				_, err := accounts.SetPassword(t.Context(), id, newPassword)
				return err
			}, false},
		} {
			by := insert(t, s, fmt.Sprint("admin.", i, "x"), account.Admin)
			secret, made, err := invitations.Invite(t.Context(), by.ID, account.Admin, "", time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			if err := test.does(by.ID); err != nil {
				t.Fatal(err)
			}
			listed := false
			all, err := s.OpenInvitations(t.Context())
			for _, one := range all {
				listed = listed || one.ID == made.ID
			}
			if err != nil || listed != test.open {
				t.Errorf("%s: listed: got %v, %v, want %v", test.name, listed, err, test.open)
			}
			_, err = invitations.Register(t.Context(), secret, fmt.Sprint("guest.", i, "x"), "", oldPassword)
			if (err == nil) != test.open || (err != nil && !errors.Is(err, account.ErrInvitation)) {
				t.Errorf("%s: got %v, want open %v", test.name, err, test.open)
			}
		}
	})
}

// TestH326_what_a_new_password_ends: other sessions, and every refresh token of
// the session that stays, those included that are being changed meanwhile.
func TestH326_what_a_new_password_ends(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		accounts := account.New(s)
		alice, here := member(t, s, "alice")
		there := begun(t, s, alice)
		hour := time.Now().Add(time.Hour)
		for hash, open := range map[string]string{"here": here, "there": there} {
			if err := s.InsertRefresh(t.Context(), hash, open, hour); err != nil {
				t.Fatal(err)
			}
		}
		var all sync.WaitGroup
		all.Go(func() {
			done, err := accounts.ChangePassword(t.Context(), alice.ID, here, oldPassword, newPassword)
			if err != nil || len(done.Ended) != 1 || done.Ended[0] != there {
				t.Errorf("change: got %+v, %v, want %s ended", done, err, there)
			}
		})
		var tokens []string
		all.Go(func() { // a thief who never rests
			last := "here"
			for i := 0; ; i++ {
				next := fmt.Sprint("stolen", i)
				won, err := s.Rotate(t.Context(), session.Rotation{Hash: last, NextHash: next, SessionID: here, Expires: hour})
				if err != nil {
					t.Error(err)
				}
				if !won {
					return
				}
				last, tokens = next, append(tokens, next)
			}
		})
		all.Wait()
		for _, hash := range append(tokens, "here") {
			if _, found, err := s.Refresh(t.Context(), hash); err != nil || found {
				t.Errorf("%s: got found %v, %v, want it gone", hash, found, err)
			}
		}
		if standing, err := s.Standing(t.Context(), here); err != nil || standing.Ended {
			t.Errorf("the session that stays: got %+v, %v", standing, err)
		}
		// who was signing in with the old password while it was changed
		late := session.Session{ID: uuid.NewString(), AccountID: alice.ID, Created: time.Now()}
		if err := s.InsertSession(t.Context(), late, alice.Epoch, hour); !errors.Is(err, session.ErrStale) {
			t.Errorf("a login under way: got %v, want ErrStale", err)
		}
		if won, err := s.Rotate(t.Context(), session.Rotation{Hash: "there", NextHash: "x", SessionID: there, Expires: hour}); err != nil || won {
			t.Errorf("a session that has ended: got %v, %v, want no successor", won, err)
		}
	})
}

// TestH326_logins_under_way: of those that are checked while the password changes,
// none is left over.
func TestH326_logins_under_way(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		alice, here := member(t, s, "alice")
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				made := session.Session{ID: uuid.NewString(), AccountID: alice.ID, Created: time.Now()}
				err := s.InsertSession(t.Context(), made, alice.Epoch, time.Now().Add(time.Hour))
				if err != nil && !errors.Is(err, session.ErrStale) {
					t.Error(err)
				}
			})
		}
		all.Go(func() {
			hash := "another hash"
			_, err := s.ChangeAccount(t.Context(), alice.ID, account.Change{PasswordHash: &hash, OldHash: alice.PasswordHash, Session: here})
			if err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		if open, err := s.SessionsOf(t.Context(), alice.ID); err != nil || len(open) != 1 || open[0].ID != here {
			t.Errorf("open: got %+v, %v, want the one that the password was changed in", open, err)
		}
	})
}
