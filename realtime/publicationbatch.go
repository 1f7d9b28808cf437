package realtime

import (
	"errors"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// publicationBatch is publications of one channel that are handed to its subscribers
// together: encoded once for each way to speak, and joined into one frame for
// those who get all of them.
type publicationBatch struct {
	channel string
	items   []queuedPublication
	uniform bool // one stream, no joins, nobody left out: whoever gets the first gets all

	single [encodings][]coded
	joined [encodings]coded

	toAll    int   // subscribers that got all of them
	received []int // further ones, for each
}

// coded is what encoding came to.
type coded struct {
	message transport.Message
	err     error
	made    bool
}

func newPublicationBatch(channel string, items []queuedPublication) *publicationBatch {
	b := &publicationBatch{channel: channel, items: items, uniform: true, received: make([]int, len(items))}
	for i := range items {
		p := &items[i].publication
		if p.Kind != engine.Published || p.Except+p.ExceptSession+p.ExceptUser != "" || i > 0 && !follows(p, &items[i-1].publication) {
			b.uniform = false
		}
	}
	return b
}

// follows reports whether nothing is missing between two publications.
func follows(p, before *Publication) bool {
	return p.Epoch == before.Epoch && follow(p.Offset, before.Offset)
}

func follow(offset, before uint64) bool {
	return offset == 0 && before == 0 || before > 0 && offset == before+1
}

// one is a publication on its own.
func (b *publicationBatch) one(enc encoding, i int) (transport.Message, error) {
	if b.single[enc] == nil {
		b.single[enc] = make([]coded, len(b.items))
	}
	c := &b.single[enc][i]
	if !c.made {
		c.made = true
		var payload []byte
		if payload, c.err = encodePush(enc, b.channel, b.items[i].publication); c.err == nil {
			c.message = transport.Shared(payload, enc == inProtobuf)
		}
	}
	return c.message, c.err
}

// failed is why one of them could not be told in some encoding.
func (b *publicationBatch) failed() error {
	for _, all := range b.single {
		for i := range all {
			if all[i].err != nil {
				return all[i].err
			}
		}
	}
	return nil
}

var errApart = errors.New("not in one frame")

// all is every publication in one frame.
func (b *publicationBatch) all(enc encoding) (transport.Message, error) {
	if len(b.items) == 1 {
		return b.one(enc, 0)
	}
	c := &b.joined[enc]
	if !c.made {
		c.made = true
		c.message, c.err = b.join(enc)
	}
	return c.message, c.err
}

func (b *publicationBatch) join(enc encoding) (transport.Message, error) {
	var payload []byte
	for i := range b.items {
		if i > 0 {
			payload = append(payload, enc.separator()...)
		}
		one, err := encodePush(enc, b.channel, b.items[i].publication)
		if err != nil {
			return transport.Message{}, err
		}
		payload = append(payload, one...)
	}
	if len(payload) > transport.MaxJoined {
		return transport.Message{}, errApart
	}
	return transport.Shared(payload, enc == inProtobuf), nil
}

// handTo gives one subscriber what it is to get, under the channel's lock.
func (b *publicationBatch) handTo(s *subscription) {
	if b.uniform && s.live && !s.lost && b.items[0].number > s.since && s.isNext(&b.items[0].publication) {
		if m, err := b.all(s.conn.enc); err == nil {
			if last := b.items[len(b.items)-1].publication.Offset; last > 0 {
				s.position.Offset = last
			}
			b.toAll++
			s.send(m, b.items[0].publication.Offset, len(b.items))
			return
		}
	}
	for i := range b.items {
		if b.items[i].number > s.since {
			s.take(b, i)
		}
	}
}
