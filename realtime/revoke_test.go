package realtime_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// withEpochs lets the hub accept tokens of the form "user session id epoch".
func withEpochs(config *realtime.Config) {
	withTokens(config)
	config.Epoch = func(p realtime.Principal) int64 {
		epoch, _ := p.Claims.(int64)
		return epoch
	}
	config.Verify = func(ctx context.Context, token string) (context.Context, error) {
		p, epoch := realtime.Principal{ExpiresAt: time.Now().Add(time.Hour)}, int64(0)
		if _, err := fmt.Sscan(token, &p.UserID, &p.SessionID, &p.TokenID, &epoch); err != nil {
			return nil, err
		}
		p.Claims = epoch
		return context.WithValue(ctx, principalKey{}, p), nil
	}
}

func (c *club) joinWith(token string) *talker {
	c.t.Helper()
	k := c.open("", "Test-Pending", "192.0.2.1")
	k.say(`{"id":1,"connect":{"token":"` + token + `"}}`)
	if got := k.hear(); !strings.Contains(got, `"client"`) {
		c.t.Fatalf("connect with %q: heard %s", token, got)
	}
	return k
}

// TestH123_older_epochs_are_ended: a new password ends what was opened before,
// and not what has refreshed since.
func TestH123_older_epochs_are_ended(t *testing.T) {
	c := newClub(t, withEpochs)
	before, refreshed, after, other := c.joinWith("alice s1 t1 1"), c.joinWith("alice s2 t2 1"), c.joinWith("alice s3 t3 2"), c.joinWith("bob s4 t4 1")
	refreshed.say(`{"id":2,"refresh":{"token":"alice s2 t5 2"}}`)
	refreshed.hear()
	if n, err := c.hub.Disconnect(t.Context(), realtime.ByUserBefore("alice", 2), realtime.CloseRevoked); n != 1 || err != nil {
		t.Errorf("ended: got %d, want 1", n)
	}
	before.wantClose(realtime.CloseRevoked)
	for _, k := range []*talker{refreshed, after, other} {
		k.say(`{"id":3,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
		k.want(`{"id":3,"rpc":{"data":2}}`)
	}
}

// TestH116_an_older_epoch_does_not_come_back: a token of before the demotion is
// still good by its signature.
func TestH116_an_older_epoch_does_not_come_back(t *testing.T) {
	c := newClub(t, withEpochs)
	k := c.joinWith("alice s1 t2 2")
	k.say(`{"id":2,"refresh":{"token":"alice s1 t1 1"}}`)
	k.wantClose(realtime.CloseExpired)
}

// TestH117_a_revoke_wins_without_Recheck: whatever is revoked while a token is
// being verified counts for it, though nothing can be found by it yet.
func TestH117_a_revoke_wins_without_Recheck(t *testing.T) {
	for _, by := range []realtime.Selector{
		realtime.ByToken("t9"), realtime.BySession("s1"), realtime.ByUser("alice"), realtime.ByUserBefore("alice", 3), realtime.All(),
		realtime.ByToken("t8"), realtime.BySession(""), realtime.ByUser("bob"), realtime.ByUserBefore("alice", 2), realtime.ByToken(""), // others
	} {
		others := by == realtime.ByToken("t8") || by == realtime.BySession("") || by == realtime.ByUser("bob") || by == realtime.ByUserBefore("alice", 2) || by == realtime.ByToken("")
		for _, way := range []string{"connect", "refresh"} {
			t.Run(fmt.Sprintf("%s %v", way, by), func(t *testing.T) {
				asked, free := make(chan struct{}), make(chan struct{})
				c := newClub(t, func(config *realtime.Config) {
					withEpochs(config)
					verify := config.Verify
					config.Verify = func(ctx context.Context, token string) (context.Context, error) {
						if strings.Contains(token, "t9") {
							close(asked)
							<-free
						}
						return verify(ctx, token)
					}
				})
				var k *talker
				if way == "refresh" {
					k = c.joinWith("alice s1 t1 2")
					k.say(`{"id":2,"refresh":{"token":"alice s1 t9 2"}}`)
				} else {
					k = c.open("", "Test-Pending", "192.0.2.1")
					k.say(`{"id":1,"connect":{"token":"alice s1 t9 2"}}`)
				}
				<-asked
				c.hub.Disconnect(t.Context(), by, realtime.CloseRevoked)
				close(free)
				if !others {
					k.wantClose(realtime.CloseRevoked)
				} else if got := k.hear(); strings.Contains(got, "error") {
					t.Errorf("heard %s", got)
				}
			})
		}
	}
}
