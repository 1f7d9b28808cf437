package nats

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"

	"github.com/yodelrt/yodel/realtime/engine"
)

// hashBytes is how much of a user's hash nodes tell each other.
const hashBytes = 8

// userHash stands for a user, so that one with connections to several nodes is
// counted once.
func userHash(user string) uint64 {
	sum := sha256.Sum256([]byte(user))
	return binary.BigEndian.Uint64(sum[:hashBytes])
}

// Stats implements engine.Presence. Where others are asked and there are more
// than 1,000 users, it may be a second old. A node with more users in one channel
// than their hashes have room in Options.MaxMessageBytes, 131,072, is counted as if
// none of them were elsewhere too.
func (p *presence) Stats(ctx context.Context, channel string) (engine.PresenceStats, error) {
	if err := ctx.Err(); err != nil {
		return engine.PresenceStats{}, err
	}
	token, err := encodeChannel(channel)
	if err != nil {
		return engine.PresenceStats{}, err
	}
	if kept, found := p.counts.find(token); found {
		return kept, nil
	}
	var others tally
	err = p.ask(ctx, token, nats.Header{countHeader: {"1"}}, func(answer *nats.Msg) error { return p.add(&others, answer) })
	if err != nil {
		return engine.PresenceStats{}, err
	}
	all := p.here.Stats(token)
	if others.clients == 0 {
		return all, nil
	}
	others.add(p.hashes(token))
	all = engine.PresenceStats{Clients: all.Clients + others.clients, Users: len(others.users) + others.apart}
	if all.Users > statsFresh {
		p.counts.keep(token, all)
	}
	return all, nil
}

// tally adds up what nodes say.
type tally struct {
	clients, apart int // apart are users of which only the number is known
	users          map[uint64]struct{}
}

func (t *tally) add(hashes []byte) {
	if t.users == nil {
		t.users = make(map[uint64]struct{}, len(hashes)/hashBytes)
	}
	for ; len(hashes) >= hashBytes; hashes = hashes[hashBytes:] {
		t.users[binary.BigEndian.Uint64(hashes)] = struct{}{}
	}
}

// add adds the answer of a node. One of an earlier release says who is there.
func (p *presence) add(t *tally, answer *nats.Msg) error {
	if answer.Header.Get(clientsHeader) == "" {
		var there map[string]engine.ClientInfo
		if err := p.decode(answer, &there); err != nil {
			return err
		}
		t.clients += len(there)
		for _, info := range there {
			t.add(binary.BigEndian.AppendUint64(nil, userHash(info.User)))
		}
		return nil
	}
	clients, err := strconv.ParseUint(answer.Header.Get(clientsHeader), 10, 31)
	users, wrong := strconv.ParseUint(answer.Header.Get(usersHeader), 10, 31)
	if err != nil || wrong != nil || len(answer.Data)%hashBytes != 0 {
		p.engine.malformed(errPresence)
		return fmt.Errorf("%w: its answer is malformed", errPresence)
	}
	t.clients += int(clients)
	if len(answer.Data) == 0 {
		t.apart += int(users)
	}
	t.add(answer.Data)
	return nil
}

func (p *presence) answerCount(token string, reply *nats.Msg) {
	stats := p.here.Stats(token)
	reply.Header.Set(clientsHeader, strconv.Itoa(stats.Clients))
	reply.Header.Set(usersHeader, strconv.Itoa(stats.Users))
	if stats.Users <= p.engine.options.MaxMessageBytes/hashBytes {
		reply.Data = p.hashes(token)
	}
}

// hashes are those of a channel's users here.
func (p *presence) hashes(token string) []byte {
	if kept, found := p.users.find(token); found {
		return kept
	}
	users := p.here.Users(token)
	hashes := make([]byte, 0, hashBytes*len(users))
	for _, user := range users {
		hashes = binary.BigEndian.AppendUint64(hashes, userHash(user))
	}
	if len(users) > statsFresh {
		p.users.keep(token, hashes)
	}
	return hashes
}
