package realtime_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
)

var modelSteps = flag.Int("model.steps", 3000, "steps of the delivery model; a long run is -model.steps 1000000")

// peer is one client of the model: what it knows, and what the model says that
// it must have heard.
type peer struct {
	talk   *talker
	user   string
	heard  uint64 // the offset it has
	epoch  string
	inside bool
}

// TestDeliveryModel takes random steps - publish, cut, come back, leave, enter -
// and holds what every peer hears against the one truth: the sequence that was
// published. Each peer hears every publication from where it began, once and in
// order, or is told that some could not be recovered.
func TestDeliveryModel(t *testing.T) {
	seed := rand.Uint64()
	dice := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	c := newClub(t, func(config *realtime.Config) {
		config.CommandsPerSecond, config.CommandBurst, config.PingInterval = 1e9, 1e9, time.Hour
	})
	if err := c.hub.Channel("model", realtime.ChannelOptions{History: 8, HistoryTTL: 1 << 40, Recover: true}, realtime.AllowSubscribe(realtime.Everybody)); err != nil {
		t.Fatal(err)
	}
	peers := make([]*peer, 6)
	for i := range peers {
		peers[i] = &peer{user: fmt.Sprint("user", i)}
	}
	published, told, recovered := uint64(0), 0, 0
	for range *modelSteps {
		p := peers[dice.IntN(len(peers))]
		switch roll := dice.IntN(10); {
		case roll < 5:
			published++
			if got := c.publish("model", fmt.Sprint(published)); got.Offset != published {
				t.Fatalf("offset: got %d, want %d", got.Offset, published)
			}
		case roll < 8 && !p.inside:
			missed, gap := p.enter(c)
			recovered += missed
			if gap {
				told++
			}
		case roll < 9 && p.inside:
			p.catchUp(t, published)
			p.leave()
		case p.inside:
			_ = p.talk.conn.CloseNow() // the network goes; what was in flight may be lost
			p.inside = false
		}
	}
	for _, p := range peers {
		if p.inside {
			p.catchUp(t, published)
		}
	}
	if told == 0 || recovered == 0 {
		t.Errorf("told of %d gaps, recovered %d publications: the run shows nothing", told, recovered)
	}
	t.Logf("%d publications, %d recovered, %d gaps told", published, recovered, told)
}

// enter connects and subscribes with the position that the peer knows. It
// returns how many publications it recovered, and whether it was told of a gap.
func (p *peer) enter(c *club) (missed int, gap bool) {
	c.t.Helper()
	p.talk = c.join(p.user)
	position := ""
	if p.epoch != "" {
		position = fmt.Sprintf(`,"recover":true,"epoch":%q,"offset":%d`, p.epoch, p.heard)
	}
	p.talk.say(`{"id":2,"subscribe":{"channel":"model"` + position + `}}`)
	var reply struct {
		Subscribe struct {
			Epoch        string
			Offset       uint64
			Recovered    bool
			Publications []struct{ Offset uint64 }
		}
	}
	if err := json.Unmarshal([]byte(p.talk.hear()), &reply); err != nil {
		c.t.Fatal(err)
	}
	in := reply.Subscribe
	switch {
	case p.epoch == "":
		p.heard = in.Offset
	case in.Recovered:
		for _, one := range in.Publications {
			if one.Offset != p.heard+1 {
				c.t.Fatalf("%s recovered %d after %d", p.user, one.Offset, p.heard)
			}
			p.heard, missed = one.Offset, missed+1
		}
	default:
		p.heard, gap = in.Offset, true
	}
	p.epoch, p.inside = in.Epoch, true
	return missed, gap
}

// catchUp reads until the peer has heard everything that was published.
func (p *peer) catchUp(t *testing.T, published uint64) {
	t.Helper()
	for p.heard < published {
		text := p.talk.hear()
		var push struct {
			Push struct {
				Pub struct {
					Data   uint64
					Offset uint64
				}
			}
		}
		if err := json.Unmarshal([]byte(text), &push); err != nil || !strings.Contains(text, `"push"`) {
			t.Fatalf("%s heard %s", p.user, text)
		}
		if got := push.Push.Pub; got.Offset != p.heard+1 || got.Data != got.Offset {
			t.Fatalf("%s heard %d at offset %d after %d", p.user, got.Data, got.Offset, p.heard)
		}
		p.heard++
	}
}

// leave unsubscribes and goes.
func (p *peer) leave() {
	p.talk.say(`{"id":9,"unsubscribe":{"channel":"model"}}`)
	p.talk.want(`{"id":9,"unsubscribe":{}}`)
	_ = p.talk.conn.Close(websocket.StatusNormalClosure, "")
	p.inside = false
}
