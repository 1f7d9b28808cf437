package nats

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"sync"
	"time"
)

// proof seals what nodes tell each other with HMAC-SHA256, so that whoever gets
// at the subject without the secret can't command them. A control message holds:
// its sender, a number that rises with each message, the time, the payload, and
// the seal over all of it. Safe for concurrent use.
type proof struct {
	control, record []byte // keys
	node            string

	sending sync.Mutex
	sent    uint64

	mu   sync.Mutex
	seen map[string]sender
}

// sender is what was heard of another node.
type sender struct {
	number uint64
	at     time.Time
}

const (
	nodeBytes = 26 // of rand.Text
	headBytes = nodeBytes + 8 + 8
	sealBytes = sha256.Size
	// maxAge is how old a message may be, clocks that differ included.
	maxAge = time.Minute
)

var (
	errForged = errors.New("it has no valid proof of a node")
	errReplay = errors.New("it was said before, or long ago")
)

func newProof(secret []byte, node string) *proof {
	return &proof{control: deriveKey(secret, "yodel control"), record: deriveKey(secret, "yodel revocation"), node: node, seen: map[string]sender{}}
}

// deriveKey makes a key for one purpose (RFC 5869). A secret is empty only where
// nobody else can speak to the server.
func deriveKey(secret []byte, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, secret, nil, purpose, sha256.Size)
	if err != nil {
		panic("yodel: a key of 32 bytes: " + err.Error()) // too long a key or FIPS mode, known when building
	}
	return key
}

func mac(key []byte, message []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(message)
	return h.Sum(nil)
}

// seal returns a control message, sent by send under one lock so that numbers
// leave in order.
func (p *proof) seal(payload []byte, now time.Time, send func(message []byte) error) error {
	p.sending.Lock()
	defer p.sending.Unlock()
	p.sent++
	message := make([]byte, 0, headBytes+len(payload)+sealBytes)
	message = append(message, p.node...)
	message = binary.BigEndian.AppendUint64(message, p.sent)
	message = binary.BigEndian.AppendUint64(message, uint64(now.UnixNano()))
	message = append(message, payload...)
	return send(append(message, mac(p.control, message)...))
}

// open returns the payload of another node's message. Its own have none.
func (p *proof) open(message []byte, now time.Time) (payload []byte, own bool, err error) {
	if len(message) < headBytes+sealBytes {
		return nil, false, errForged
	}
	body, sealed := message[:len(message)-sealBytes], message[len(message)-sealBytes:]
	if !hmac.Equal(sealed, mac(p.control, body)) {
		return nil, false, errForged
	}
	node := string(body[:nodeBytes])
	number := binary.BigEndian.Uint64(body[nodeBytes:])
	at := time.Unix(0, int64(binary.BigEndian.Uint64(body[nodeBytes+8:])))
	if node == p.node {
		return nil, true, nil
	}
	if now.Sub(at).Abs() > maxAge || !p.isNext(node, number, now) {
		return nil, false, errReplay
	}
	return body[headBytes:], false, nil
}

// isNext remembers a number, and forgets nodes whose messages are too old to be
// taken anyway.
func (p *proof) isNext(node string, number uint64, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, s := range p.seen {
		if now.Sub(s.at) > 2*maxAge {
			delete(p.seen, id)
		}
	}
	if number <= p.seen[node].number {
		return false
	}
	p.seen[node] = sender{number, now}
	return true
}

// sealRecord seals what is kept under a key, for that key.
func (p *proof) sealRecord(key string, value []byte) []byte {
	return append(mac(p.record, append([]byte(key+"\n"), value...)), value...)
}

func (p *proof) openRecord(key string, sealed []byte) ([]byte, error) {
	if len(sealed) < sealBytes {
		return nil, errForged
	}
	value := sealed[sealBytes:]
	if !hmac.Equal(sealed[:sealBytes], mac(p.record, append([]byte(key+"\n"), value...))) {
		return nil, errForged
	}
	return value, nil
}
