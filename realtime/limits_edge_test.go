package realtime_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/observe"
)

// limitCase is how a limit is set, reached and exceeded.
type limitCase struct {
	limit  observe.Limit
	change func(*realtime.Config)
	within provoke // to the limit, where nothing is refused; nil where there is nothing to reach
	over   provoke
}

// limitCases are driven while alice is connected.
func limitCases() []limitCase {
	return append(connectionCases(), append(timeCases(), append(commandCases(), byteCases()...)...)...)
}

func connectionCases() []limitCase {
	return []limitCase{
		{observe.LimitConnections, set(func(l *realtime.Limits) { l.Connections = 2 }), joins("bob"), refusedUpgrade(503)},
		{observe.LimitConnecting, set(func(l *realtime.Limits) { l.Connecting = 1 }), opens("alice"), refusedUpgrade(503)},
		{observe.LimitConnectionsPerAddress, func(c *realtime.Config) {
			c.Address, c.Limits.ConnectionsPerAddress = peerAddress, 2
		}, joins("bob"), refusedUpgrade(429)},
		{observe.LimitConnectionsPerUser, set(func(l *realtime.Limits) { l.ConnectionsPerUser = 2 }), joins("alice"), func(c *club) {
			c.join("alice")
			ended(realtime.CloseConnectionLimit)(c)
		}},
		{observe.LimitPending, func(c *realtime.Config) { withTokens(c); c.Limits.Pending = 1 }, opens("", "Test-Pending", "192.0.2.1"), refusedPending(503)},
		{observe.LimitPendingPerAddress, func(c *realtime.Config) { withTokens(c); c.Limits.PendingPerAddress = 1 },
			opens("", "Test-Pending", "192.0.2.2"), refusedPending(429)},
	}
}

func timeCases() []limitCase {
	return []limitCase{
		{observe.LimitAuthDeadline, set(func(l *realtime.Limits) { l.AuthDeadline = time.Second }), func(c *club) {
			k := c.open("bob")
			time.Sleep(time.Second - time.Nanosecond)
			k.say(`{"id":1,"connect":{}}`)
			k.hear()
		}, func(c *club) { c.open("bob").wantClose(realtime.CloseStale) }},
		{observe.LimitPongTimeout, nil, nil, ended(realtime.CloseNoPong)},
		{observe.LimitAge, func(c *realtime.Config) { c.Limits.Age, c.PingInterval = time.Second, time.Minute }, stays(time.Second - time.Nanosecond), ended(realtime.CloseExpired)},
		{observe.LimitIdle, func(c *realtime.Config) { c.Limits.Idle, c.PingInterval = time.Second, time.Minute }, stays(time.Second - time.Nanosecond), ended(realtime.CloseExpired)},
	}
}

func commandCases() []limitCase {
	send := `{"send":{"data":1}}`
	return []limitCase{
		{observe.LimitCommandsPerFrame, func(c *realtime.Config) {
			c.Limits.CommandsPerFrame = 2
			c.Message = func(context.Context, *realtime.Conn, []byte) error { return nil }
		}, asks(send+"\n"+`{"id":2,"rpc":{"method":"add","data":{"A":1,"B":1}}}`, `{"id":2,"rpc":{"data":2}}`), say(send+"\n"+send+"\n"+send, realtime.CloseBadRequest)},
		{observe.LimitCommandRate, set(func(l *realtime.Limits) { l.CommandBurst, l.CommandsPerSecond = 2, 0.001 }),
			asks(`{"id":2,"rpc":{"method":"add","data":{"A":1,"B":1}}}`, `{"id":2,"rpc":{"data":2}}`), func(c *club) {
				k := c.join("carol")
				k.say(`{"id":2,"rpc":{"method":"add","data":{"A":1,"B":1}}}` + "\n" + `{"id":3,"rpc":{"method":"add"}}`)
				k.want(`{"id":2,"rpc":{"data":2}}`, `{"id":3,"error":{"code":111,"message":"too many requests","temporary":true}}`)
			}},
		{observe.LimitChannels, set(func(l *realtime.Limits) { l.Channels = 1 }), asks(`{"id":2,"subscribe":{"channel":"plain:1"}}`, `{"id":2,"subscribe":{}}`), func(c *club) {
			k := c.join("bob")
			k.say(`{"id":2,"subscribe":{"channel":"plain:1"}}` + "\n" + `{"id":3,"subscribe":{"channel":"plain:2"}}`)
			k.want(`{"id":2,"subscribe":{}}`, `{"id":3,"error":{"code":106,"message":"limit exceeded"}}`)
		}},
		{observe.LimitErrors, set(func(l *realtime.Limits) { l.Errors = 2 }), asks(`{"id":2,"rpc":{"method":"nothing"}}`, `{"id":2,"error":{"code":104,"message":"method not found"}}`),
			say(`{"id":2,"rpc":{"method":"nothing"}}`+"\n"+`{"id":3,"rpc":{"method":"nothing"}}`, realtime.CloseTooManyErrors)},
	}
}

func byteCases() []limitCase {
	refused := `{"id":2,"error":{"code":104,"message":"method not found"}}`
	return []limitCase{
		{observe.LimitMessageBytes, set(func(l *realtime.Limits) { l.MessageBytes = 1000 }), asks(padded(`{"id":2,"rpc":{"method":"nothing"}}`, 1000), refused), func(c *club) {
			text := padded(`{"id":2,"rpc":{"method":"nothing"}}`, 1001)
			_ = c.join("bob").conn.Write(c.t.Context(), websocket.MessageText, []byte(text)) // it may be hung up on before the end
			ended(realtime.CloseTooBig)(c)
		}},
		{observe.LimitFirstMessageBytes, func(c *realtime.Config) { withTokens(c); c.Limits.FirstMessageBytes = 100 }, func(c *club) {
			k := c.open("", "Test-Pending", "192.0.2.1")
			k.say(padded(`{"id":1,"connect":{"token":"bob s 1h"}}`, 100) + "\n" + padded(`{"id":2,"rpc":{"method":"nothing"}}`, 1000)) // the first command alone
			k.hear()
			k.want(refused)
		}, func(c *club) {
			k := c.open("", "Test-Pending", "192.0.2.1")
			k.say(padded(`{"id":1,"connect":{"token":"bob s 1h"}}`, 101))
			k.wantClose(realtime.CloseTooBig)
		}},
		{observe.LimitQueueBytes, set(func(l *realtime.Limits) { l.QueueBytes = 1000 }), pushes(5, 250), func(c *club) {
			pushes(1, 250)(c)
			ended(realtime.CloseSlow)(c)
		}},
		{observe.LimitChannelBytes, set(func(l *realtime.Limits) { l.ChannelBytes = 20 }), asks(`{"id":2,"subscribe":{"channel":"plain:`+long(14)+`"}}`, `{"id":2,"subscribe":{}}`),
			asks(`{"id":2,"subscribe":{"channel":"plain:`+long(15)+`"}}`, `{"id":2,"error":{"code":107,"message":"bad request"}}`)},
		{observe.LimitRecoveryBytes, set(func(l *realtime.Limits) { l.RecoveryBytes = 328 }), recovers(2, true), recovers(3, false)},
		{observe.LimitHistoryBytes, set(func(l *realtime.Limits) { l.HistoryBytes = 200 }), readsHistory(2, 2), readsHistory(3, 2)},
	}
}

// TestLimits_edge: at the limit nothing is refused, and one over is, with the
// documented code, and counted once.
func TestLimits_edge(t *testing.T) {
	seen := map[observe.Limit]bool{observe.LimitInboxBytes: true, observe.LimitPingRate: true, observe.LimitPresence: true} // these are no Limits
	for _, test := range limitCases() {
		seen[test.limit] = true
		t.Run(test.limit.String(), func(t *testing.T) {
			clubBubble(t, test.change, func(t *testing.T, c *club) {
				c.join("alice")
				if test.within != nil {
					test.within(c)
					synctest.Wait()
					c.wantRefusals("", 0)
				}
				test.over(c)
				synctest.Wait()
				c.wantRefusals(test.limit.String(), 1)
			})
		})
	}
	for limit := range observe.LimitCount {
		if !seen[limit] {
			t.Errorf("%s: got no case, want one", limit)
		}
	}
}

// wantRefusals holds the counts against one limit that has refused, and no other.
func (c *club) wantRefusals(limit string, want uint64) {
	c.t.Helper()
	for name, n := range c.hub.Refusals() {
		if name == limit && n != want || name != limit && n != 0 {
			c.t.Errorf("%s: counted %d times, want %d of %q alone", name, n, want, limit)
		}
	}
}

func set(change func(*realtime.Limits)) func(*realtime.Config) {
	return func(c *realtime.Config) { change(&c.Limits) }
}

func joins(user string) provoke { return func(c *club) { c.join(user) } }

func opens(user string, headers ...string) provoke {
	return func(c *club) { c.open(user, headers...) }
}

// stays waits, and nobody has ended.
func stays(long time.Duration) provoke {
	return func(c *club) {
		c.t.Helper()
		time.Sleep(long)
		synctest.Wait()
		if n := len(c.ended); n > 0 {
			c.t.Errorf("after %s: %d have ended, want none", long, n)
		}
	}
}

// asks sends one frame and compares its last reply.
func asks(frame, want string) provoke {
	return func(c *club) {
		c.t.Helper()
		k := c.join("bob")
		k.say(frame)
		k.want(want)
	}
}

// padded is a command with as many blanks that it has a length.
func padded(command string, length int) string {
	return strings.TrimSuffix(command, "}") + strings.Repeat(" ", length-len(command)) + "}"
}

// pushes sends to alice, who does not read: the first is under way, the others wait.
func pushes(count, length int) provoke {
	return func(c *club) {
		c.t.Helper()
		around := len(`{"push":{"message":{"data":""}}}`)
		for range count {
			if _, err := c.hub.Send(c.t.Context(), realtime.ByUser("alice"), []byte(`"`+long(length-around)+`"`)); err != nil {
				c.t.Fatal(err)
			}
			synctest.Wait()
		}
	}
}

// keeps publishes a number of publications of a hundred bytes to a room of its own.
func (c *club) keeps(count int) (room, epoch string) {
	room = fmt.Sprintf("room:%d", count)
	for range count {
		epoch = c.publish(room, `"`+long(98)+`"`).Epoch
	}
	return room, epoch
}

// recovers subscribes from the beginning of a stream: each publication counts 64
// bytes besides its own.
func recovers(count int, want bool) provoke {
	return func(c *club) {
		c.t.Helper()
		room, epoch := c.keeps(count)
		k := c.join("bob")
		k.say(since(2, room, epoch, ""))
		if got := k.hear(); strings.Contains(got, `"recovered":true`) != want {
			c.t.Errorf("%d publications: got %.200s, want recovered %t", count, got, want)
		}
	}
}

// readsHistory asks for the history of a stream.
func readsHistory(count, want int) provoke {
	return func(c *club) {
		c.t.Helper()
		room, _ := c.keeps(count)
		k := c.join("bob")
		k.say(fmt.Sprintf(`{"id":2,"subscribe":{"channel":"%s"}}`, room))
		k.hear()
		k.say(fmt.Sprintf(`{"id":3,"history":{"channel":"%s","limit":-1}}`, room))
		if got := k.hear(); strings.Count(got, `"data":`) != want {
			c.t.Errorf("%d publications: got %.300s, want %d of them", count, got, want)
		}
	}
}
