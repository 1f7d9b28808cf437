package nats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"sync"

	"github.com/nats-io/nats.go"

	"github.com/yodelrt/yodel/realtime/engine"
	table "github.com/yodelrt/yodel/realtime/internal/presence"
)

// presence is who is where. Each node keeps its own and is asked by the others,
// so that nothing is written when somebody comes or goes, and what a node knew is
// gone with it.
type presence struct {
	engine *Engine
	here   *table.Table // by token
	users  recentStats[[]byte]
	counts recentStats[engine.PresenceStats]
}

func newPresence(e *Engine) (*presence, error) {
	p := &presence{engine: e, here: table.New()}
	if _, err := e.conn.Subscribe(e.subjects.presence(e.node), p.answer); err != nil {
		return nil, fmt.Errorf("answer for presence: %w", err)
	}
	return p, nil
}

// Enter implements engine.Presence.
func (p *presence) Enter(ctx context.Context, channel, client string, info engine.ClientInfo) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	token, err := encodeChannel(channel)
	if err == nil {
		p.here.Enter(token, client, info)
	}
	return err
}

// Leave implements engine.Presence.
func (p *presence) Leave(_ context.Context, channel, client string) error {
	token, err := encodeChannel(channel)
	if err == nil {
		p.here.Leave(token, client)
	}
	return err
}

var errPresence = errors.New("a node did not say who is there")

// The headers of questions and answers. A question of an earlier release has none
// and is answered with everybody.
const (
	limitHeader   = "Yodel-Limit"   // of a question: the most clients to be told
	countHeader   = "Yodel-Count"   // of a question: the users' hashes are asked for
	clientsHeader = "Yodel-Clients" // of an answer to that
	usersHeader   = "Yodel-Users"   // of an answer to that
	refusedHeader = "Yodel-Refused" // of an answer: there are too many
)

// answer tells another node who is in a channel here, or how many.
func (p *presence) answer(m *nats.Msg) {
	token := string(m.Data)
	if _, err := decodeChannel(token); err != nil {
		p.engine.malformed(err)
		return
	}
	reply := &nats.Msg{Header: nats.Header{}}
	if m.Header.Get(countHeader) != "" {
		p.answerCount(token, reply)
	} else {
		p.answerPresent(token, m.Header.Get(limitHeader), reply)
	}
	if err := m.RespondMsg(reply); err != nil {
		p.engine.log.Warn("another node was not told who is there", "error", err)
	}
}

// clientBytes is what one client takes in an answer, at least.
const clientBytes = 50

func (p *presence) answerPresent(token, limit string, reply *nats.Msg) {
	most := p.engine.options.MaxMessageBytes / clientBytes
	if asked, err := strconv.Atoi(limit); err == nil && asked >= 0 {
		most = min(most, asked)
	}
	there, err := p.here.Present(token, most)
	if err == nil {
		reply.Data, err = json.Marshal(there)
	}
	if err != nil || len(reply.Data) > p.engine.options.MaxMessageBytes {
		reply.Data = nil
		reply.Header.Set(refusedHeader, "too many")
	}
}

// Present implements engine.Presence: it asks every node that is alive. One
// that is gone has nobody; one that does not answer is an error, never left out
// in silence. A node that has more than one message holds is too many.
func (p *presence) Present(ctx context.Context, channel string, limit int) (map[string]engine.ClientInfo, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	token, err := encodeChannel(channel)
	if err != nil {
		return nil, err
	}
	all, err := p.here.Present(token, limit)
	if err != nil {
		return nil, err
	}
	if all == nil {
		all = map[string]engine.ClientInfo{}
	}
	question := nats.Header{limitHeader: {strconv.Itoa(limit)}}
	err = p.ask(ctx, token, question, func(answer *nats.Msg) error {
		var there map[string]engine.ClientInfo
		if err := p.decode(answer, &there); err != nil {
			return err
		}
		if maps.Copy(all, there); limit >= 0 && len(all) > limit {
			return engine.ErrTooManyPresent
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// decode reads who is there of an answer.
func (p *presence) decode(answer *nats.Msg, there *map[string]engine.ClientInfo) error {
	if answer.Header.Get(refusedHeader) != "" {
		return engine.ErrTooManyPresent
	}
	if err := json.Unmarshal(answer.Data, there); err != nil {
		p.engine.malformed(err)
		return fmt.Errorf("%w: %w", errPresence, err)
	}
	return nil
}

// ask asks all other nodes at once and hands each answer to take, one at a time. It
// ends with the first error.
func (p *presence) ask(ctx context.Context, token string, question nats.Header, take func(*nats.Msg) error) error {
	ctx, cancel := p.engine.bounded(ctx)
	defer cancel()
	nodes, err := p.engine.control.Nodes(ctx)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, node := range nodes {
		if node.ID == p.engine.node {
			continue
		}
		group.Add(1)
		p.engine.spawn.Go(nil, func() {
			defer group.Done()
			answer, err := p.askOne(ctx, node.ID, token, question)
			mu.Lock()
			defer mu.Unlock()
			if err == nil && answer != nil && context.Cause(ctx) == nil {
				err = take(answer)
			}
			if err != nil {
				stop(err) // the first one counts
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}

// askOne returns nil where the node is gone, and so are its connections.
func (p *presence) askOne(ctx context.Context, node, token string, question nats.Header) (*nats.Msg, error) {
	answer, err := p.engine.conn.RequestMsgWithContext(ctx, &nats.Msg{Subject: p.engine.subjects.presence(node), Data: []byte(token), Header: question})
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errPresence, err)
	}
	return answer, nil
}
