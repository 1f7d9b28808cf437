package realtime_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// TestTwins_Mistakes: a first message that is not one ends the connection, and no
// token of it is verified.
func TestTwins_Mistakes(t *testing.T) {
	inTwins(t, func(c *twinConfig) {
		c.verify = func(_ context.Context, token string) (context.Context, error) {
			t.Errorf("a token was verified: %q", token)
			return nil, errors.New("refused")
		}
	}, func(t *testing.T, w *twin) {
		for _, message := range w.words.mistake {
			k := w.open("")
			k.say(message)
			k.wantClose(realtime.CloseBadRequest)
		}
		w.wantHooks(0)
	})
}

// TestTwins_Payload: what two readers could read differently reaches no handler, and
// ends nobody.
func TestTwins_Payload(t *testing.T) {
	inTwins(t, func(c *twinConfig) {
		c.do = func(context.Context) error { t.Error("a handler was called"); return nil }
	}, func(t *testing.T, w *twin) {
		k := w.join("alice")
		for _, members := range []string{`,"type":"do"`, `,"type":"other"`, `,"Type":"do"`, `,"data":"a","data":"b"`, `,"data":"\ud800"`} {
			k.do(members)
			k.want(w.words.badMessage)
		}
	})
}

// TestTwins_CaseOfType: a member by another name is no type.
func TestTwins_CaseOfType(t *testing.T) {
	inTwins(t, func(c *twinConfig) {
		c.do = func(context.Context) error { t.Error("a handler was called"); return nil }
	}, func(t *testing.T, w *twin) {
		k := w.join("alice")
		message := map[string]string{"hub": `{"id":3,"rpc":{"method":"do","data":{"Type":"do"}}}`, "plain": `{"Type":"do"}`}
		k.say(message[w.words.name])
		k.want(w.words.badMessage)
	})
}

// TestTwins_Tokens: what becomes of a token in a first message and in a refresh.
func TestTwins_Tokens(t *testing.T) {
	none := realtime.Close{}
	for _, test := range []struct {
		token          string
		first, refresh realtime.Close // none: it goes on
	}{
		{"alice s I", none, none},
		{"alice s II", none, none},
		{"alice s 0", none, realtime.CloseExpired}, // of an older epoch: a new token helps
		{"alice other I", none, realtime.CloseInvalidToken},
		{"bob s I", none, realtime.CloseInvalidToken},
		{"refused", realtime.CloseInvalidToken, realtime.CloseInvalidToken},
		{"expired", realtime.CloseExpired, realtime.CloseExpired},
		{"away", realtime.CloseInternal, none},
		{"", realtime.CloseBadRequest, realtime.CloseBadRequest},
	} {
		t.Run(test.token, func(t *testing.T) {
			inTwins(t, nil, func(t *testing.T, w *twin) {
				k := w.login(test.token)
				if test.first == none {
					k.want(w.words.joined)
					k.stays()
				} else {
					k.wantClose(test.first)
				}
				k = w.login("alice s I")
				k.want(w.words.joined)
				k.refresh(test.token)
				switch {
				case test.refresh != none:
					k.wantClose(test.refresh)
					return
				case test.token == "away":
					k.want(w.words.internal)
				default:
					k.want(w.words.refreshed)
				}
				k.stays()
			})
		})
	}
}

// TestTwins_RevokedMeanwhile: a sign-out ends whoever proves to be that user while it
// comes, and nobody else.
func TestTwins_RevokedMeanwhile(t *testing.T) {
	for _, test := range []struct {
		name    string
		by      realtime.Selector
		refresh bool
		want    bool
	}{
		{"first message", realtime.ByUser("alice"), false, true}, {"refresh", realtime.BySession("s"), true, true},
		{"older epoch", realtime.ByUserBefore("alice", 2), false, true}, {"newer epoch", realtime.ByUserBefore("alice", 1), false, false},
		{"another", realtime.ByUser("bob"), false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			asked, hold := make(chan struct{}, 2), make(chan struct{}, 2)
			inTwins(t, func(c *twinConfig) {
				asked, hold = make(chan struct{}, 2), make(chan struct{}, 2)
				c.verify = func(ctx context.Context, token string) (context.Context, error) {
					asked <- struct{}{}
					<-hold
					return verifyTwin(ctx, token)
				}
			}, func(t *testing.T, w *twin) {
				var k *twinClient
				if test.refresh {
					k = w.join("alice")
					k.refresh("alice s I")
				} else {
					k = w.login("alice s I")
				}
				<-asked
				w.handler.Disconnect(t.Context(), test.by, realtime.CloseRevoked)
				hold <- struct{}{}
				if test.want {
					k.wantClose(realtime.CloseRevoked)
					return
				}
				k.want(w.words.joined)
				k.stays()
			})
		})
	}
}

// TestTwins_Recheck: an error that passes lets nobody in, who may come back, and ends
// nobody who is in.
func TestTwins_Recheck(t *testing.T) {
	for name, test := range map[string]struct {
		err       error
		first, in realtime.Close
	}{
		"passing":  {fmt.Errorf("check: %w", realtime.ErrCheckUnavailable), realtime.CloseInternal, realtime.Close{}},
		"timeout":  {context.DeadlineExceeded, realtime.CloseInternal, realtime.Close{}},
		"changed":  {fmt.Errorf("check: %w", realtime.ErrInvalidated), realtime.CloseInvalidated, realtime.CloseInvalidated},
		"anything": {errors.New("signed out"), realtime.CloseRevoked, realtime.CloseRevoked},
	} {
		t.Run(name, func(t *testing.T) {
			var answer error
			inTwins(t, func(c *twinConfig) {
				answer = nil
				c.recheck = func(context.Context, realtime.Principal) error { return answer }
			}, func(t *testing.T, w *twin) {
				in := w.join("alice")
				synctest.Wait()
				answer = test.err
				w.enter("bob").wantClose(test.first)
				w.rejudge(t.Context(), realtime.ByUser("alice"))
				if test.in == (realtime.Close{}) {
					in.stays()
					return
				}
				in.wantClose(test.in)
				w.wantHooks(1)
			})
		})
	}
}

// TestTwins_ExpiredAtTheStart: a token whose time was over before the connection asked
// to be let in greets nobody.
func TestTwins_ExpiredAtTheStart(t *testing.T) {
	inTwins(t, func(c *twinConfig) {
		c.recheck = func(context.Context, realtime.Principal) error { t.Error("Recheck was asked"); return nil }
		read := c.principal
		c.principal = func(ctx context.Context) (realtime.Principal, bool) {
			who, known := read(ctx)
			who.ExpiresAt = time.Now()
			return who, known
		}
	}, func(t *testing.T, w *twin) {
		w.enter("alice").wantClose(realtime.CloseExpired)
		w.wantHooks(0)
	})
}
