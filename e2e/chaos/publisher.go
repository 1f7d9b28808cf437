package chaos

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// publisher says things in rooms over one node, and says each again until the
// server has it.
type publisher struct {
	who     *person
	address string
	rooms   []string
	ledger  *Ledger
	socket  *socket
	retries int
}

// run says something each pause until ctx ends; what it has begun to say it says
// to the end, for as long as work lasts.
func (p *publisher) run(work, ctx context.Context, pause time.Duration) {
	defer p.hangUp()
	ticks := time.NewTicker(pause)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		p.say(work, p.rooms[rand.N(len(p.rooms))])
	}
}

// say says one thing, and reports whether the server has it.
func (p *publisher) say(ctx context.Context, room string) bool {
	key := uuid.NewString()
	for ctx.Err() == nil {
		number, err := p.attempt(ctx, room, key)
		if err == nil {
			p.ledger.Acknowledge(room, number)
			return true
		}
		p.retries++
		p.hangUp()
		wait(ctx, leastWait)
	}
	return false
}

func (p *publisher) attempt(ctx context.Context, room, key string) (int64, error) {
	if p.socket == nil {
		socket, err := p.who.dial(ctx, p.address)
		if err != nil {
			return 0, err
		}
		p.socket = socket
	}
	var sent struct {
		Number int64 `json:"number"`
	}
	err := call(ctx, p.socket, "message.send", map[string]string{"room_id": room, "key": key, "text": key}, &sent)
	return sent.Number, err
}

func (p *publisher) hangUp() {
	if p.socket != nil {
		p.socket.close()
	}
	p.socket = nil
}
