package realtime_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime"
)

// TestBadRequest_Final: 3501 is for what no client of the protocol sends.
func TestBadRequest_Final(t *testing.T) {
	for name, say := range map[string]string{
		"unsubscribe from no channel":         `{"id":2,"unsubscribe":{"channel":""}}`,
		"a sub_refresh of no channel":         `{"id":2,"sub_refresh":{"channel":"","token":"x"}}`,
		"a refresh without a token":           `{"id":2,"refresh":{"token":""}}`,
		"a delta of a kind that there is not": `{"id":2,"subscribe":{"channel":"plain:1","delta":"xor"}}`,
		"a request that is none":              `{"id":2,"nothing":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			k := newTestHub(t, withTokens).join("alice")
			k.say(say)
			k.wantClose(realtime.CloseBadRequest)
		})
	}
}

// TestInvalidToken_NoPrincipal: a token that is good and names nobody.
func TestInvalidToken_NoPrincipal(t *testing.T) {
	for name, who := range map[string]*realtime.Principal{"no principal": nil, "no user": {SessionID: "s1"}} {
		t.Run(name, func(t *testing.T) {
			c := newTestHub(t, func(config *realtime.Config) {
				withFirstToken(config)
				config.Verify = func(ctx context.Context, _ string) (context.Context, error) {
					if who == nil {
						return ctx, nil
					}
					return context.WithValue(ctx, principalKey{}, *who), nil
				}
			})
			k := c.open("", "Test-Pending", "192.0.2.1")
			k.say(`{"id":1,"connect":{"token":"alice"}}`)
			k.wantClose(realtime.CloseInvalidToken)
		})
	}
}

// TestTooManyErrors_PassingFaults: what passes by itself is not counted, and a command
// that succeeds ends the row.
func TestTooManyErrors_PassingFaults(t *testing.T) {
	c := newTestHub(t, func(config *realtime.Config) { config.Limits.Errors = 2 })
	deny := func(context.Context, *realtime.Conn, realtime.Params) error { return passing{true} }
	if err := c.hub.Channel("away:{id}", realtime.ChannelOptions{}, realtime.AllowSubscribe(deny)); err != nil {
		t.Fatal(err)
	}
	k := c.join("alice")
	for range 20 {
		k.say(`{"id":2,"rpc":{"method":"fail","data":"x"}}`, `{"id":3,"subscribe":{"channel":"away:1"}}`)
		for id := range 2 {
			k.want(fmt.Sprintf(`{"id":%d,"error":{"code":100,"message":"internal server error","temporary":true}}`, id+2))
		}
	}
	for range 20 {
		k.say(`{"id":4,"rpc":{"method":"nothing"}}`, `{"id":5,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
		k.want(`{"id":4,"error":{"code":104,"message":"method not found"}}`, `{"id":5,"rpc":{"data":2}}`)
	}
	k.say(`{"id":6,"rpc":{"method":"nothing"}}`, `{"id":7,"rpc":{"method":"nothing"}}`)
	k.wantClose(realtime.CloseTooManyErrors)
}

// TestRevoked_Recheck: only a Recheck that has reached a verdict ends a connection for
// good. Without one it lets nobody in, who may come back, and ends nobody who is in.
func TestRevoked_Recheck(t *testing.T) {
	verdicts := make(chan error, 10)
	c := newTestHub(t, func(config *realtime.Config) {
		config.Recheck = func(context.Context, realtime.Principal) error {
			select {
			case err := <-verdicts:
				return err
			default:
				return nil
			}
		}
	})
	verdicts <- passing{true}
	refused := c.open("alice")
	refused.say(`{"id":1,"connect":{}}`)
	refused.wantClose(realtime.CloseInternal)
	k := c.join("alice")
	verdicts <- passing{true}
	c.hub.Rejudge(t.Context(), realtime.ByUser("alice"))
	k.say(`{"id":2,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
	k.want(`{"id":2,"rpc":{"data":2}}`)
	verdicts <- errors.New("signed out")
	c.hub.Rejudge(t.Context(), realtime.ByUser("alice"))
	k.wantClose(realtime.CloseRevoked)
}

// TestRevoked_Recheck_Client: an official client gets in when the fault has passed.
func TestRevoked_Recheck_Client(t *testing.T) {
	faults := make(chan error, 3)
	for range cap(faults) {
		faults <- realtime.ErrCheckUnavailable
	}
	c := newTestHub(t, func(config *realtime.Config) {
		config.Recheck = func(context.Context, realtime.Principal) error {
			select {
			case err := <-faults:
				return err
			default:
				return nil
			}
		}
	})
	options := manyOptions()
	options.ReadTimeout = 1e9 // it sees an end before the answer to connect no sooner
	r := newReturning(t, "ws://"+c.server.Listener.Addr().String(), false, options)
	r.connect()
	r.until("connected", func() bool { return r.connected == 1 })
}

// TestConnectionLimit_FirstMessage: as for an upgrade that says who it is, the newcomer
// stays and the user's oldest goes.
func TestConnectionLimit_FirstMessage(t *testing.T) {
	c := newTestHub(t, func(config *realtime.Config) {
		withTokens(config)
		config.Limits.ConnectionsPerUser = 1
	})
	join := func() *rawClient {
		k := c.open("", "Test-Pending", "192.0.2.1")
		k.say(`{"id":1,"connect":{"token":"alice s1 1h"}}`)
		if got := k.hear(); !strings.Contains(got, `"connect"`) {
			t.Fatalf("connect: got %s", got)
		}
		return k
	}
	oldest, newest := join(), join()
	oldest.wantClose(realtime.CloseConnectionLimit)
	newest.say(`{"id":2,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
	newest.want(`{"id":2,"rpc":{"data":2}}`)
}
